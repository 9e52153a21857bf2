"""Words of dates: months in the languages that news is written in, names of time zones, and what says nothing.

Months as the calendars of CLDR and everyday abbreviations give them; they are compared folded (`fold`), so accents,
case and the Turkish dotless i do not matter. A form that means two months in two languages is left out.
"""

# ruff: noqa: E501  a table: one row a line

import unicodedata

_MONTHS = """
1 january jan janvier janv januar jänner jän enero ene gennaio gen janeiro januari января январь янв січня січень січ
1 stycznia styczeń sty ocak oca ledna leden ianuarie ian január tammikuuta tammikuu tammi ιανουαρίου ιανουάριος ιαν
1 يناير جانفي ژانویه ינואר जनवरी জানুয়ারি มกราคม ม.ค
2 february feb février fevr févr fév februar febrero febbraio febb fevereiro fev februari февраля февраль фев февр
2 лютого лютий лют lutego luty lut şubat şub února únor februarie február helmikuuta helmikuu helmi φεβρουαρίου φεβρουάριος φεβ
2 فبراير فيفري شباط فوریه פברואר फरवरी ফেব্রুয়ারি กุมภาพันธ์ ก.พ
3 march mar mars märz mrz marzo março maart mrt марта март березня березень бер marca marzec mart martie március
3 března březen maaliskuuta maaliskuu maalis μαρτίου μάρτιος μαρ maret marts مارس آذار מרץ मार्च মার্চ มีนาคม มี.ค
4 april apr avril avr abril abr aprile апреля апрель апр квітня квітень квіт кві kwietnia kwiecień kwi nisan nis dubna duben
4 aprilie április huhtikuuta huhtikuu huhti απριλίου απρίλιος απρ أبريل ابريل أفريل نيسان آوریل אפריל अप्रैल এপ্রিল เมษายน เม.ย
5 may mai mayo maggio mag maio mei мая май травня травень трав maja maj mayıs května květen május toukokuuta toukokuu touko
5 μαΐου μάιος μαι مايو ماي أيار مه מאי मई মে พฤษภาคม พ.ค
6 june jun juin juni junio giugno giu junho июня июнь июн червня червень черв czerwca czerwiec cze haziran haz června červen
6 iunie iun június kesäkuuta kesäkuu kesä ιουνίου ιούνιος ιουν يونيو يونيه جوان حزيران ژوئن יוני जून জুন มิถุนายน มิ.ย
7 july jul juillet juil juli julio luglio lug julho июля июль июл липня липень лип lipca lipiec temmuz tem července červenec
7 iulie iul július heinäkuuta heinäkuu heinä ιουλίου ιούλιος ιουλ يوليو يوليه جويلية تموز ژوئیه יולי जुलाई জুলাই กรกฎาคม ก.ค
8 august aug août aou agosto ago agustus augustus augusti августа август авг серпня серпень серп sierpnia sierpień sie ağustos ağu
8 srpna srpen augusztus elokuuta elokuu elo αυγούστου αύγουστος αυγ أغسطس اغسطس أوت آب اوت אוגוסט अगस्त আগস্ট สิงหาคม ส.ค
9 september sept sep septembre septiembre settembre setembro set сентября сентябрь сен сент вересня вересень вер września
9 wrzesień wrz eylül eyl září septembrie szeptember syyskuuta syyskuu syys σεπτεμβρίου σεπτέμβριος σεπ
9 سبتمبر أيلول سپتامبر ספטמבר सितंबर সেপ্টেম্বর กันยายน ก.ย
10 october oct octobre oktober okt octubre ottobre ott outubro out октября октябрь окт жовтня жовтень жовт października
10 październik paź ekim eki října říjen octombrie október lokakuuta lokakuu loka οκτωβρίου οκτώβριος οκτ
10 أكتوبر اكتوبر اکتبر אוקטובר अक्टूबर অক্টোবর ตุลาคม ต.ค
11 november nov novembre noviembre novembro ноября ноябрь ноя нояб листопада листопад лист listopada listopad lis kasım kas
11 listopadu noiembrie noi marraskuuta marraskuu marras νοεμβρίου νοέμβριος νοε
11 نوفمبر نوامبر נובמבר नवंबर নভেম্বর พฤศจิกายน พ.ย
12 december dec décembre déc dezember dez diciembre dic dicembre dezembro desember des декабря декабрь дек грудня грудень груд
12 grudnia grudzień gru aralık ara prosince prosinec decembrie joulukuuta joulukuu joulu δεκεμβρίου δεκέμβριος δεκ
12 ديسمبر دجنبر دسامبر דצמבר दिसंबर ডিসেম্বর ธันวาคม ธ.ค
"""

# Hours east of UTC. Where a name has two readings, the one of RFC 822 or else of the larger press is meant:
# CST, EST, MST, PST are American, IST is Indian, BST is British.
_ZONES = """
0 z ut utc gmt wet
1 cet mez bst west wat
2 cest mesz eet cat sast
3 eest msk eat trt
3.5 irst
4 gst samt
4.5 aft
5 pkt uzt yekt
5.5 ist
5.75 npt
6 bdt almt omst
6.5 mmt
7 wib ict krat
8 wita hkt sgt awst myt pht irkt
9 wit jst kst yakt
9.5 acst
10 aest vlat
10.5 acdt
11 aedt
12 nzst
13 nzdt
-2.5 ndt
-3 brt art adt clst uyt
-3.5 nst
-4 ast edt clt bot vet
-5 est cdt cot pet ect et
-6 cst mdt ct
-7 mst pdt mt
-8 pst akdt pt
-9 akst
-10 hst
"""

# What may stand beside a date and changes nothing of it: days of the week, prepositions, "published" and its like. Any
# other word makes it no date, for it may be one that does.
_SILENT = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom
lunedì martedì mercoledì giovedì venerdì domenica gio sabato sab
segunda terça quarta quinta sexta feira segunda-feira terça-feira quarta-feira quinta-feira sexta-feira seg ter qua qui sex
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс среду пятницу субботу
понеділок середа п'ятниця субота неділя нд
poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob ndz niedz
pazartesi salı çarşamba perşembe cuma cumartesi pazar
måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag man tir ons tor lör søn
الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت الأحد الاحد
senin selasa rabu kamis jumat sabtu minggu
at on the of um uhr den der am le la les à a il alle ore el las los de del do da das dos às om op van i в у на г год года год. рік року р r
klo kl och og o saat published posted updated publié publie mis jour date veröffentlicht publicado pubblicato опубликовано hrs h
"""


def fold(text: str) -> str:
    """Return `text` for comparison: compatibility form, lower case, no accents, digits of every script as 0 to 9."""
    if text.isascii():
        return text.lower()
    # The Turkish dotless i has no decomposition, and its month names are written with either.
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    bare = "".join(map(_bare, decomposed))
    return unicodedata.normalize("NFC", bare)


def _bare(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return "" if category in ("Mn", "Cf") else character


def _table(lines: str) -> dict[str, float]:
    rows = [line.split() for line in lines.strip().splitlines()]
    return {fold(word): float(row[0]) for row in rows for word in row[1:]}


MONTHS = {word: int(number) for word, number in _table(_MONTHS).items()}
ZONE_HOURS = _table(_ZONES)
AMERICAN_ZONES = frozenset({"et", "ct", "mt", "pt"})  # standard or summer time, as the day has it
SILENT = frozenset(fold(word) for word in _SILENT.split())

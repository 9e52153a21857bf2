"""Pairs of stories as they occur, in several languages: what is one story, and what only looks like it."""

import pytest

BRIDGE = """The old railway bridge over the Lune will close to trains on Monday for eleven weeks while engineers replace the timber deck, the county council said on Thursday. Some 4,200 passengers a day will be taken by bus between Carrow and Little Haven, which adds about twenty-five minutes to the journey.

The deck was laid in 1931 and last repaired after the flood of 1978. Inspectors who opened it in March found rot in every third beam. "We could have gone on patching, but the patches were costing more each winter than the new deck will over ten," said Morwen Ashby, who leads the council's works department.

Shopkeepers in Carrow fear for their spring trade. The council offers them a rebate on rates and free parking at the station until the bridge opens again in the last week of June. Anglers are asked to keep away from the north bank, where the crane will stand.

The work costs 6.8 million pounds, of which the national railway fund pays two thirds. A footpath along the downstream side, asked for by walkers since the nineties, is part of the contract."""

HAFEN = """Der Hafen von Nordersiel bekommt eine zweite Schleuse. Der Stadtrat stimmte am Mittwochabend mit 23 zu 14 Stimmen für den Bau, der im Herbst beginnen und drei Jahre dauern soll. Die Kosten schätzt die Verwaltung auf 91 Millionen Euro, gut die Hälfte übernimmt das Land.

Bislang müssen Kutter und Frachter bei Niedrigwasser bis zu sechs Stunden warten. Die neue Kammer liegt zwei Meter tiefer als die alte und kann unabhängig von der Tide betrieben werden. Bürgermeisterin Frauke Thaden sprach von einer Entscheidung für die nächsten hundert Jahre.

Umweltverbände kündigten eine Klage an. Sie befürchten, dass der Aushub das Watt vor dem Leuchtturm belastet, in dem Brachvögel rasten. Die Stadt will den Schlick deshalb an Land trocknen und für den Deichbau verwenden."""

MARCHE = """Le marché couvert de Vallorbes rouvrira ses portes samedi après deux ans de travaux. Trente-huit commerçants reprennent leur étal sous la verrière de 1887, entièrement démontée et remontée pièce par pièce par un atelier de la région.

La mairie a profité du chantier pour enterrer les réseaux et installer une citerne de 120 mètres cubes qui recueille l'eau de pluie. Celle-ci servira au nettoyage des allées, jusqu'ici lavées à l'eau potable. Le budget, fixé à 5,4 millions d'euros, a été tenu, assure l'adjointe aux travaux.

Les habitués retrouveront la fromagère Odile Perrin, doyenne du marché, qui vendait depuis l'automne dans une caravane. Elle promet un morceau de tomme à ses cent premiers clients."""

VOTO = """El municipio de Puerto Almendro prohibirá desde el primero de enero los coches en las siete calles que rodean la lonja. El pleno aprobó la medida con los votos de los tres partidos de gobierno y la abstención de los comerciantes independientes, que piden un plazo mayor para adaptar el reparto.

Según el estudio encargado por el ayuntamiento, por esas calles pasan cada mañana 3.100 vehículos, de los que apenas uno de cada diez se detiene a comprar. El resto atraviesa el barrio para evitar la avenida del puerto. Los repartidores podrán entrar hasta las once con furgonetas eléctricas.

La concejala Remedios Falcón recordó que en los últimos cinco años hubo catorce atropellos junto a la lonja. Los vecinos celebraron la votación con una merienda en la plaza."""

LEDOKOL = """Ледокол «Семён Вершинин» завершил сезон проводки судов в Онежской губе и вернулся в порт приписки. За пять месяцев экипаж провёл через лёд 214 судов, что на треть больше, чем прошлой зимой, сообщили в управлении порта в пятницу.

Капитан Аркадий Лопатин рассказал, что самым трудным выдался февраль, когда ветер спрессовал лёд толщиной до полутора метров. Трое суток караван из восьми лесовозов стоял у острова, пока не переменился ветер. Никто не пострадал, продукты доставляли вертолётом.

Летом судно встанет в док, где ему заменят левый гребной винт и обновят каюты экипажа. В ноябре ледокол должен снова выйти на линию."""

TUSHUGUAN = """临江市新图书馆将于下月初正式向读者开放。这座五层建筑由旧纺织厂改建而成，保留了原来的锯齿形屋顶和两台老式织布机，总面积约两万一千平方米，可同时容纳三千名读者。

馆长陈映秋星期二在接受采访时表示，新馆共藏书八十六万册，其中地方文献四万余册，许多是市民从家中捐出来的。一楼设有盲文阅览室和儿童故事屋，顶层的露台花园全年免费开放，读者可以带着书上去坐一坐。

为了方便上班族，图书馆每周四和周五将延长开放到晚上十点。公交公司也计划增设两条夜间线路，在图书馆门前停靠。旧馆将改为档案馆，预计明年春天完成搬迁。"""

HASHI = """北浜町と離島を結ぶ新しい橋が二十日に開通する。長さは千二百メートルで、着工から七年をかけて完成した。これまで島の住民は一日六便の連絡船に頼っており、強い風の日には学校も病院も遠かった。

町長の高瀬文代さんは記者会見で、橋の名前を公募したところ全国から四千通を超える応募があったと述べた。選ばれた名前は開通式で発表される。式では島の小学生十九人が最初に橋を渡る予定だ。

連絡船は三月末で廃止されるが、観光用に一隻を残す方針で、船長たちは引き続き町が雇用する。"""

MATCH = "{home} beat {away} {score} on Saturday to move up to {place} in the league. {scorer} scored in the {minute}th minute and {second} added another before the break at {ground}. The visitors, who lost their last {lost} matches, had {shots} shots but none on target. {home} next travel to {next}, while {away} host {host} on Wednesday. Attendance: {crowd}."

QUAKE = "A magnitude {magnitude} earthquake struck {distance} km {direction} of {town} at {time} local time on {weekday}, the geological institute said. Its depth was {depth} km. There were no immediate reports of damage or casualties. The institute recorded {after} aftershocks in the first hour and asked residents to stay away from damaged buildings."


def minus_paragraph(text, number):
    paragraphs = text.split("\n\n")
    return "\n\n".join(paragraphs[:number] + paragraphs[number + 1 :])


SAME = {
    "reprint": (BRIDGE, BRIDGE, "exact"),
    "reprint with other spacing": (HAFEN, HAFEN.replace("\n\n", "\n \n"), "exact"),
    "trimmed": (BRIDGE, "\n\n".join(BRIDGE.split("\n\n")[:3]), "near"),
    "trimmed to the lede and more": (BRIDGE, "\n\n".join(BRIDGE.split("\n\n")[:2]), "excerpt"),
    "extended": ("\n\n".join(BRIDGE.split("\n\n")[:2]), BRIDGE, "expansion"),
    "a paragraph left out": (MARCHE, minus_paragraph(MARCHE, 1), "excerpt"),
    "a correction in a long text from elsewhere": (BRIDGE, BRIDGE.replace("6.8 million", "7.1 million"), "near"),
    "with an agency's line": (VOTO, "PUERTO ALMENDRO (Agencia Litoral).- " + VOTO, "near"),
    "with furniture around it": (
        HAFEN,
        "Startseite > Region\n\n" + HAFEN + "\n\nLesen Sie auch: Kreis plant Radweg",
        "near",
    ),
    "lightly edited": (
        LEDOKOL,
        LEDOKOL.replace("сообщили в управлении порта в пятницу", "сообщает пресс-служба порта"),
        "near",
    ),
    "Chinese, edited": (TUSHUGUAN, TUSHUGUAN.replace("星期二在接受采访时表示", "昨天告诉记者"), "near"),
    "Chinese, trimmed": (TUSHUGUAN, "\n\n".join(TUSHUGUAN.split("\n\n")[:2]), "near"),
    "Japanese, with a credit": (HASHI, HASHI + "（北浜新聞）", "near"),
    "French in capitals at the start": (MARCHE, MARCHE.replace("Le marché couvert de", "LE MARCHÉ COUVERT DE"), "near"),
}


@pytest.mark.parametrize(("first", "second", "outcome"), SAME.values(), ids=SAME.keys())
def test_the_same_story_told_again_is_folded(fold, story, first, second, outcome):
    folded = fold(
        [story("first", first, title="One headline", day=0), story("second", second, title="One headline", day=0.4)]
    )
    assert folded.together("first", "second")
    if outcome != "exact":
        assert folded.outcomes["second"] == outcome


@pytest.mark.parametrize("text", [BRIDGE, HAFEN, MARCHE, VOTO, LEDOKOL, TUSHUGUAN, HASHI])
def test_a_new_headline_makes_a_near_copy_of_similarity_one(fold, story, text):
    folded = fold(
        [story("first", text, title="A headline of one kind"), story("second", text, title="Quite another", day=0.2)]
    )
    assert folded.outcomes["second"] == "near"
    assert folded.decisions["second"].by.similarity == 1


@pytest.mark.parametrize("text", [BRIDGE, HAFEN, MARCHE, VOTO, LEDOKOL, TUSHUGUAN, HASHI])
def test_a_stored_copy_is_known_again(fold, story, text):
    folded = fold([story("first", text, title="A headline")], [story("second", text + " .", title="Other", day=2)])
    assert folded.together("first", "second")


def test_a_repost_months_later_is_folded_where_the_text_is_long(fold, story):
    folded = fold([story("first", BRIDGE), story("repost", BRIDGE + "\n\nFrom our archive.", day=200)])
    assert folded.together("first", "repost")
    folded = fold([story("first", BRIDGE)], [story("repost", BRIDGE, day=366)])
    assert not folded.together("first", "repost")


def test_stories_about_other_things_stay_apart(fold, story):
    texts = [BRIDGE, HAFEN, MARCHE, VOTO, LEDOKOL, TUSHUGUAN, HASHI]
    folded = fold([story(str(place), text) for place, text in enumerate(texts)])
    assert set(folded.outcomes.values()) == {"new"}
    assert not any(decision.lookalike_of for decision in folded.decisions.values())


def test_a_corrected_figure_under_the_same_address_is_a_revision(fold, story):
    corrected = BRIDGE.replace("4,200", "4,900")
    folded = fold([story("first", BRIDGE, url="u")], [story("second", corrected, url="u", day=0.5)])
    assert folded.outcomes["second"] == "revision"
    assert folded.together("first", "second")


ARVELA = {"direction": "west", "town": "Arvela", "weekday": "Monday"}
QUAKES = [
    ARVELA | {"magnitude": "4.6", "distance": 38, "time": "03:12", "depth": 11, "after": 4},
    ARVELA | {"magnitude": "5.1", "distance": 64, "time": "17:45", "depth": 27, "after": 9},
    ARVELA | {"magnitude": "4.9", "distance": 38, "time": "22:08", "depth": 8, "after": 15},
]
MATCHES = [
    {
        "home": "Harbour Rovers",
        "away": "Milltown",
        "score": "3-1",
        "place": "fourth",
        "scorer": "Idris Kane",
        "minute": 17,
        "second": "Tom Ferris",
        "ground": "Quay Lane",
        "lost": 3,
        "shots": 9,
        "next": "Eastmoor",
        "host": "Dunkeld",
        "crowd": "8,412",
    },
    {
        "home": "Oldbury",
        "away": "Fenwick Town",
        "score": "2-0",
        "place": "ninth",
        "scorer": "Paolo Serra",
        "minute": 34,
        "second": "Joe Lund",
        "ground": "The Maltings",
        "lost": 5,
        "shots": 4,
        "next": "Carrow",
        "host": "Marsh End",
        "crowd": "3,067",
    },
]
BULLETINS = {
    "Spanish": "El índice de la bolsa de Almar cerró este {day} en {points} puntos, con un cambio de {change} por ciento respecto a la sesión anterior. Se negociaron {volume} millones. {winner} fue el valor más buscado y {loser} el que más cedió.",
    "German": "Wetter für {day}: In {winner} werden bis zu {points} Grad erwartet, in {loser} nur {change} Grad. Der Wind weht mit {volume} Kilometern je Stunde aus Nordwest. Die Aussichten bleiben unverändert wechselhaft.",
    "Chinese": "气象台消息：{day}{winner}最高气温{points}度，最低气温{change}度，偏北风{volume}级，空气质量良好。{loser}方向有阵雨，请市民出行注意安全，及时关注最新的天气预报信息。",
}
FACTS = [
    {"day": "Montag", "points": 31, "change": 12, "volume": 45, "winner": "Alsen", "loser": "Torgau"},
    {"day": "Dienstag", "points": 24, "change": 17, "volume": 8, "winner": "Rewal", "loser": "Kolding"},
]


def test_quake_notices_with_other_numbers_stay_apart_and_say_so(fold, story):
    folded = fold([story(str(n), QUAKE.format(**facts), day=n / 2) for n, facts in enumerate(QUAKES)])
    assert set(folded.outcomes.values()) == {"new"}
    assert folded.lookalike("2") in {"0", "1"}


def test_match_reports_stay_apart(fold, story):
    folded = fold([story(str(n), MATCH.format(**facts), day=0) for n, facts in enumerate(MATCHES)])
    assert not folded.together("0", "1")


@pytest.mark.parametrize("bulletin", BULLETINS.values(), ids=BULLETINS.keys())
def test_bulletins_with_other_figures_stay_apart(fold, story, bulletin):
    for slices in (1, 2):
        made = [story(str(n), bulletin.format(**facts), day=n) for n, facts in enumerate(FACTS)]
        folded = fold(*([made] if slices == 1 else ([one] for one in made)))
        assert not folded.together("0", "1")


def test_an_identical_bulletin_a_fortnight_later_is_news(fold, story):
    text = QUAKE.format(**QUAKES[0])
    folded = fold([story("then", text, day=0), story("now", text, day=14)])
    assert not folded.together("then", "now")
    assert folded.lookalike("now") == "then"


def test_a_notice_that_is_sent_again_is_folded(fold, story):
    text = QUAKE.format(**QUAKES[0])
    folded = fold(
        [story("then", text), story("again", text.replace("the geological institute said", "officials said"), day=0.1)]
    )
    assert folded.together("then", "again")


def test_page_furniture_taken_for_a_text_folds_nothing(fold, story):
    notice = "We use cookies. Accept all or manage choices."
    titles = ["Mayor resigns over harbour deal", "Snow closes two mountain passes", "Dunkeld win the cup at last"]
    folded = fold([story(str(n), notice, title=title) for n, title in enumerate(titles)])
    assert set(folded.outcomes.values()) == {"new"}

"""What sites print below a story, by language: whole lines, headings of link lists, and beginnings of such lines.

Collected from what newspapers' pages say in everyday use. Compared case-folded, without bullets before and
punctuation behind; only what no story would end with belongs here.
"""

# ruff: noqa: E501  a table: one row a line

_LINES = {
    "en": (
        "advertisement|advertisements|advertising|ad|sponsored|sponsored content|more|close|tags|share|tweet|email|print|save|like|"
        "comments|comment|leave a comment|leave a reply|post a comment|view comments|show comments|add a comment|no comments|"
        "loading|loading categories|loading comments|load more|show more|read more|read more here|continue reading|"
        "read full article|read the full story|to read the full story|full story|learn more|see more|view more|"
        "share this|share this article|share this story|share this post|share on facebook|share on twitter|share on whatsapp|"
        "sign up|sign in|log in|register|subscribe|subscribe now|subscribe today|subscribe here|"
        "subscribe to our newsletter|sign up for our newsletter|sign up to our newsletter|join our newsletter|"
        "get our newsletter|newsletter|follow us|back to top|scroll to top|skip ad|autoplay|replay|prev next|next|previous|"
        "click here to comment on this article|be the first to know|never miss a story|report a typo|"
        "report an error|all rights reserved|choose the plan that's right for you|digital access or digital and print delivery|"
        "story continues below advertisement|article continues below|watch the video|view gallery|see more photos|share this:"
    ),
    "fr": (
        "publicité|partager|partager cet article|partagez cet article|imprimer|commentaires|commenter|laisser un commentaire|"
        "lire la suite|lire plus|en savoir plus|voir plus|s'abonner|abonnez-vous|je m'abonne|inscrivez-vous à notre newsletter|"
        "abonnez-vous à notre newsletter|recevez notre newsletter|suivez-nous|retour en haut|chargement|tous droits réservés|"
        "la suite après la publicité|article réservé aux abonnés|réagir"
    ),
    "de": (
        "anzeige|werbung|teilen|drucken|kommentare|kommentieren|kommentar schreiben|mehr|mehr lesen|weiterlesen|mehr anzeigen|"
        "jetzt abonnieren|newsletter abonnieren|abonnieren sie unseren newsletter|zum newsletter anmelden|folgen sie uns|"
        "nach oben|zurück zum anfang|zur startseite|wird geladen|alle rechte vorbehalten|artikel teilen|zur kommentarfunktion"
    ),
    "es": (
        "publicidad|compartir|comparte|comparte esta noticia|compartir en facebook|imprimir|comentarios|comentar|deja un comentario|leer más|"
        "seguir leyendo|ver más|más información|suscríbete|suscríbase|suscríbete a nuestro boletín|suscríbete a nuestra newsletter|"
        "síguenos|volver arriba|cargando|todos los derechos reservados"
    ),
    "pt": (
        "publicidade|continua após a publicidade|compartilhe|compartilhar|partilhar|partilhe|imprimir|comentários|comentar|deixe um comentário|"
        "leia mais|ler mais|continue lendo|ver mais|saiba mais|assine|assine já|assine nossa newsletter|siga-nos|voltar ao topo|"
        "carregando|todos os direitos reservados"
    ),
    "it": (
        "pubblicità|condividi|condividi questo articolo|stampa|commenti|lascia un commento|leggi tutto|leggi di più|continua a leggere|"
        "abbonati|iscriviti|iscriviti alla newsletter|iscriviti alla nostra newsletter|seguici|torna su|caricamento|riproduzione riservata|"
        "tutti i diritti riservati"
    ),
    "nl": (
        "advertentie|delen|deel dit artikel|printen|reacties|reageer|lees meer|lees verder|meer laden|abonneer|abonneer nu|"
        "schrijf je in voor onze nieuwsbrief|volg ons|terug naar boven|laden|alle rechten voorbehouden"
    ),
    "sv": "annons|dela|dela artikeln|skriv ut|kommentarer|läs mer|visa mer|prenumerera|följ oss|till toppen|laddar",
    "da": "annonce|del artiklen|kommentarer|læs mere|vis mere|abonner|følg os|tilmeld dig vores nyhedsbrev",
    "no": "annonse|del artikkelen|kommentarer|les mer|vis mer|abonner|følg oss|meld deg på nyhetsbrevet",
    "fi": "mainos|jaa|jaa artikkeli|kommentit|lue lisää|näytä lisää|tilaa|tilaa uutiskirje|seuraa meitä",
    "pl": (
        "reklama|udostępnij|drukuj|komentarze|skomentuj|dodaj komentarz|czytaj więcej|czytaj dalej|zobacz więcej|subskrybuj|"
        "zapisz się do newslettera|obserwuj nas|wszelkie prawa zastrzeżone|ładowanie"
    ),
    "cs": "reklama|sdílet|tisknout|diskuse|číst dále|více|přihlaste se k odběru newsletteru|všechna práva vyhrazena",
    "ru": (
        "реклама|поделиться|поделитесь|распечатать|комментарии|комментировать|оставить комментарий|добавить комментарий|читать далее|"
        "читать полностью|подробнее|показать ещё|загрузить ещё|загрузка|подписаться|подпишитесь|подпишитесь на нашу рассылку|"
        "подписывайтесь на нас|все права защищены|наверх"
    ),
    "uk": (
        "реклама|поділитися|коментарі|залишити коментар|читати далі|читати більше|докладніше|показати ще|завантаження|підписатися|"
        "підписуйтесь на нас|усі права захищено|всі права захищені"
    ),
    "tr": (
        "reklam|paylaş|yazdır|yorumlar|yorum yap|devamını oku|daha fazla|daha fazla göster|abone ol|bültenimize abone olun|"
        "bizi takip edin|başa dön|yükleniyor|tüm hakları saklıdır"
    ),
    "ar": "إعلان|اعلان|شارك|مشاركة|طباعة|تعليقات|التعليقات|أضف تعليق|اقرأ المزيد|قراءة المزيد|المزيد|اشترك|تابعنا|جميع الحقوق محفوظة",
    "fa": "تبلیغات|اشتراک گذاری|نظرات|ادامه مطلب|بیشتر بخوانید|عضویت در خبرنامه",
    "he": "פרסומת|שתפו|שתף|תגובות|קרא עוד|המשך קריאה|הירשמו לניוזלטר|כל הזכויות שמורות",
    "hi": "विज्ञापन|शेयर करें|टिप्पणियां|और पढ़ें|आगे पढ़ें|हमें फॉलो करें|सब्सक्राइब करें",
    "bn": "বিজ্ঞাপন|শেয়ার করুন|মন্তব্য|আরও পড়ুন|আরো পড়ুন",
    "id": "iklan|advertisement scroll to continue with content|bagikan|komentar|baca selengkapnya|selengkapnya|lihat semua|berlangganan|ikuti kami",
    "vi": "quảng cáo|chia sẻ|bình luận|xem thêm|đọc thêm|đăng ký nhận bản tin|theo dõi chúng tôi",
    "el": "διαφήμιση|κοινοποίηση|σχόλια|διαβάστε περισσότερα|περισσότερα|ακολουθήστε μας|με την επιφύλαξη παντός δικαιώματος",
    "ro": "publicitate|distribuie|comentarii|citește mai mult|citeşte mai mult|abonează-te|abonează-te la newsletter|toate drepturile rezervate",
    "hu": "hirdetés|megosztás|hozzászólások|tovább olvasom|bővebben|feliratkozás hírlevélre|minden jog fenntartva",
    "sw": "tangazo|shiriki|maoni|soma zaidi|endelea kusoma",
    "zh": "广告|廣告|分享|评论|評論|阅读更多|阅读全文|查看更多|加载更多|加载中|正在加载|返回顶部|订阅|关注我们|展开全文|版权所有|微博热图|美图",
    "ja": "広告|シェア|シェアする|コメント|続きを読む|もっと見る|記事全文を読む|無断転載禁止|ページトップへ|メルマガ登録",
    "ko": "광고|공유하기|공유|댓글|더 보기|더보기|구독하기|기사 더보기|무단전재 및 재배포 금지|무단 전재 및 재배포 금지",
}

_HEADINGS = {
    "en": (
        "related|related news|related stories|related articles|related story|related article|related links|related posts|related content|"
        "related topics|related coverage|related reading|more on this story|more stories|more news|more from us|more like this|"
        "more on this topic|read also|also read|read next|up next|see also|further reading|recommended|recommended stories|recommended for you|"
        "recommended reading|you may also like|you might also like|you might be interested in|most popular|most read|most viewed|"
        "popular stories|top stories|latest news|latest stories|trending|trending now|trending stories|trending in politics|trending in world|"
        "editor's picks|editors' picks|don't miss|in other news|from around the web|around the web|sponsored links|more headlines"
    ),
    "fr": "lire aussi|à lire aussi|a lire aussi|à lire également|sur le même sujet|articles liés|articles similaires|voir aussi|à voir aussi|les plus lus|nos derniers articles|dans la même rubrique|à ne pas manquer|recommandé pour vous",
    "de": "lesen sie auch|lesen sie mehr|auch interessant|mehr zum thema|zum thema|weitere artikel|ähnliche artikel|verwandte artikel|meistgelesen|das könnte sie auch interessieren|das könnte dich auch interessieren|weitere themen|empfohlen",
    "es": "lea también|lee también|leer también|te puede interesar|le puede interesar|también te puede interesar|noticias relacionadas|artículos relacionados|más noticias|lo más leído|ver también|te recomendamos|más sobre este tema",
    "pt": "leia também|veja também|notícias relacionadas|artigos relacionados|matérias relacionadas|mais lidas|as mais lidas|mais notícias|você pode gostar|recomendado para você|saiba mais sobre",
    "it": "leggi anche|potrebbe interessarti|potrebbe interessarti anche|articoli correlati|notizie correlate|ti potrebbe interessare|i più letti|vedi anche|altre notizie",
    "nl": "lees ook|zie ook|gerelateerd|gerelateerde artikelen|meer over dit onderwerp|meest gelezen|ook interessant|aanbevolen",
    "sv": "läs också|läs även|relaterat|mest läst|fler artiklar|rekommenderat",
    "da": "læs også|relaterede artikler|mest læste|se også",
    "no": "les også|relaterte saker|mest lest|se også",
    "fi": "lue myös|aiheesta lisää|luetuimmat|katso myös",
    "pl": "czytaj także|czytaj też|czytaj również|zobacz także|zobacz też|przeczytaj także|przeczytaj też|powiązane artykuły|najczęściej czytane|polecamy",
    "cs": "čtěte také|přečtěte si také|související články|nejčtenější|mohlo by vás zajímat",
    "ru": "читайте также|смотрите также|материалы по теме|по теме|новости по теме|похожие новости|другие новости|связанные новости|самое читаемое|рекомендуем|вам может быть интересно|ещё по теме",
    "uk": "читайте також|дивіться також|матеріали за темою|за темою|новини за темою|пов'язані новини|найпопулярніше|рекомендуємо",
    "tr": "ilgili haberler|i̇lgili haberler|benzer haberler|bunları da okuyun|çok okunanlar|en çok okunanlar|önerilen haberler|ayrıca okuyun",
    "ar": "اقرأ أيضا|اقرأ أيضًا|اقرأ ايضا|إقرأ أيضا|مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|الأكثر قراءة|قد يهمك|قد يعجبك أيضا|شاهد أيضا",
    "fa": "اخبار مرتبط|مطالب مرتبط|بیشتر بخوانید|پربازدیدترین|همچنین بخوانید",
    "he": "קראו גם|כתבות נוספות|כתבות קשורות|אולי יעניין אותך|הנקראות ביותר",
    "hi": "यह भी पढ़ें|ये भी पढ़ें|संबंधित खबरें|सबसे ज्यादा पढ़ी गई",
    "bn": "আরও খবর|সম্পর্কিত খবর|সর্বাধিক পঠিত",
    "id": "baca juga|berita terkait|artikel terkait|terpopuler|lihat juga|simak juga",
    "vi": "tin liên quan|bài liên quan|đọc nhiều|tin cùng chuyên mục|có thể bạn quan tâm",
    "el": "διαβάστε επίσης|διαβάστε ακόμη|σχετικά άρθρα|δείτε επίσης|δημοφιλή",
    "ro": "citește și|citeşte şi|articole similare|cele mai citite|vezi și",
    "hu": "olvassa el ezt is|kapcsolódó cikkek|ajánlott cikkek|legolvasottabb|ez is érdekelheti",
    "sw": "soma pia|habari zinazohusiana|unaweza pia kupenda",
    "zh": "相关新闻|相關新聞|相关阅读|相關閱讀|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|相关报道|相關報導|热门新闻|热门推荐|猜你喜欢|更多新闻|相关链接",
    "ja": "関連記事|関連ニュース|あわせて読みたい|こちらもおすすめ|おすすめ記事|人気記事|アクセスランキング|関連リンク",
    "ko": "관련기사|관련 기사|관련뉴스|관련 뉴스|많이 본 뉴스|인기기사|인기 기사|추천기사|추천 기사|이 시각 주요뉴스",
}


def _joined(phrases: dict[str, str]) -> frozenset[str]:
    return frozenset(phrase.casefold() for line in phrases.values() for phrase in line.split("|"))


LINES = _joined(_LINES)
HEADINGS = _joined(_HEADINGS)
LANGUAGES = frozenset(_LINES) & frozenset(_HEADINGS)

RIGHTS_RESERVED = (
    "all rights reserved",
    "tous droits réservés",
    "alle rechte vorbehalten",
    "todos los derechos reservados",
    "todos os direitos reservados",
    "tutti i diritti riservati",
    "riproduzione riservata",
    "alle rechten voorbehouden",
    "wszelkie prawa zastrzeżone",
    "všechna práva vyhrazena",
    "все права защищены",
    "усі права захищено",
    "tüm hakları saklıdır",
    "جميع الحقوق محفوظة",
    "toate drepturile rezervate",
    "minden jog fenntartva",
    "版权所有",
    "未经授权禁止转载",
    "無断転載",
    "무단전재",
    "무단 전재",
    "may not be published, broadcast, rewritten",
)
"""A line with one of these is a notice of rights."""

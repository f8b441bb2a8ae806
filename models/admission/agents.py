"""What corrects the public list of crawlers: whose agents it misreads, and whom it misses.

Plain data: each entry is a regular expression, why it is there, and an agent that shows it (a test each).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Correction:
    """A part of a user agent and what it says about who sent it.

    `pattern` is searched for, case matters; `example` is a whole agent that has it.
    """

    pattern: str
    reason: str
    example: str


_WEBVIEW = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.100 Mobile Safari/537.36"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"

# Apps whose link previews are on the list under the same name; in a browser's agent a person reads there.
_APPS = (
    "Asana|Blackboard|Disqus|Feedly|Fever|Flipboard|Fluid|Grammarly|Hatena|HubSpot|Instapaper|Klaviyo|Mattermost|"
    "NewsBlur|Notion|Overcast|PayPal|PocketCasts|Podimo|Telegram|Tumblr|Viber|WhatsApp|inoreader"
)

# Cut out before an agent is judged: names of phones, apps and their parts that look like a crawler's.
OF_PEOPLE = (
    Correction(
        r"\((?=[^()]*(?:\([^()]*\)[^()]*)?"
        r"(?:inapp;|(?:Android|HarmonyOS|Tizen|Windows Phone|\ddpi;)(?:[ ;/]|$)))"
        r"(?![^()]*(?:\([^()]*\)[^()]*)?(?:compatible;|https?:|www\.|@|[a-z]bot[\w-]*/\d|-Google/\d))"
        r"[^()]*(?:\([^()]*\)[^()]*)*(?:\)|$)",
        "what a phone or tablet says of itself: makers name their models and builds as they like",
        f"Mozilla/5.0 (Linux; Android 15; CPH2700 Build/AP3A.240617.008; wv) {_WEBVIEW} Instagram 400.0.0 "
        "Android (35/15; 480dpi; 1080x2400; OPPO; Butterfly; OP0001; mt6833; fr_FR; 800000001; IABMV/1)",
    ),
    Correction(
        r"\b[A-Z][A-Z0-9]{2,3}\.\d{6}\.\d{3}(?:\.[A-Z]?\d+)*\b",
        "an Android platform build: thousands of models share it",
        "OPPO CPH2700/15 Build/AP3A.240617.008 Dalvik/2.1.0",
    ),
    Correction(
        r"\[FB[A-Z_]+/[^\]]*(?:\]|$)",
        "what the browser within Meta's apps says of app, phone and carrier",
        f"{_IPHONE} Mobile/15E148 [FBAN/WhatsAppSMBIPhone;FBDV/iPhone17,1;FBCR/Sonic;FBID/phone]",
    ),
    Correction(
        rf"(?<= )(?:{_APPS})/[\d.]+(?![\d.]| ?[(+])",
        "the browser within an app: a person who followed a link there",
        f"Mozilla/5.0 (Linux; Android 16; SM-F966N; wv) {_WEBVIEW} Viber/27.4.0.0",
    ),
    Correction(
        r"(?<= )[\w.-]+/[\d.]+ (?=Chrome/[\d.]+ Electron/)",
        "a desktop app that is a browser within (Electron)",
        f"{_WINDOWS} Code/1.61.2 Chrome/91.0.4472.164 Electron/13.5.1 Safari/537.36",
    ),
    Correction(
        r"Sogou(?:M(?:SE|obileBrowser)\b|Search (?=Android|iOS|iPhone))",
        "the browser and search app of Sogou; its crawlers are 'Sogou … spider'",
        f"Mozilla/5.0 (Linux; Android 16; SS1 Build/BP2A; wv) {_WEBVIEW} SogouMSE,SogouMobileBrowser/6.1.54",
    ),
    Correction(
        r"WhatsAppDesktop",
        "WhatsApp on Windows",
        "WindowsStoreSDK/26100.1.amd64fre 5319275A.WhatsAppDesktop_2.2527.2.0",
    ),
    Correction(
        r"^WhatsApp/\S+ (?=\w+/\S+ Device/)|^WhatsAppTee\b",
        "the app itself names the phone; its link previews do not",
        "WhatsApp/2.18.79 Android/5.1 Device/Meizu-MX5",
    ),
    Correction(
        r"^[^/()]+/[\d.]+ (?=CFNetwork/[\d.]+ Darwin/)",
        "an app on an Apple device; the name before it is the app's",
        "WhatsApp Business/711804668 CFNetwork/3826.500.111.2.2 Darwin/24.4.0",
    ),
    Correction(
        r"^(?:NewsBlur (?=iP(?:hone|ad) App)|Podimo/[\d.]+ (?=build \d))",
        "readers' and listeners' apps on a phone",
        "Podimo/1.20.1 build 148/Android 29",
    ),
    Correction(
        r"GoogleChirp/",
        "Google's speaker",
        "GoogleChirp/1.0.1 (Linux; Android/5.0) GOOG/7 AppleWebKit/534.30 (KHTML, like Gecko)",
    ),
    Correction(
        r"(?<=\w)008/",
        "a longer number: the crawler is called 008",
        "DESAY TS1008/1.0 Release/07.12.2013 Mozilla/5.0 (Linux; U; Android 4.0.3; zh-cn) AppleWebKit/534.30",
    ),
)

# Cut out before an agent is judged: what a producer's own library or server calls itself. The visitor's agent
# is not known then, so the event is not judged.
OF_SERVERS = (
    Correction(
        r"^(?:Python/[\d.]+ )?(?:python-requests|python-httpx|Python-urllib|aiohttp)(?:/[\w.]+)?",
        "Python's HTTP clients",
        "python-requests/2.32.3",
    ),
    Correction(r"^Go-http-client(?:/[\d.]+)?", "Go's HTTP client", "Go-http-client/2.0"),
    Correction(
        r"^(?:okhttp|Apache-HttpClient|AHC|Jetty|Java|CustomAsyncHttpClient)(?:/[\w.-]+)?"
        r"(?: \([Jj]ava[^()]*\))?",
        "HTTP clients of Java and Android apps' own calls",
        "Apache-HttpClient/4.5.14 (Java/21.0.2)",
    ),
    Correction(
        r"^Jersey/\S+ \(HttpUrlConnection [^()]*\)",
        "Java's HTTP client under Jersey",
        "Jersey/2.25.1 (HttpUrlConnection 1.8.0_141)",
    ),
    Correction(
        r"^(?:axios|node-fetch|undici|got)(?:/[\w.-]+)?(?: \(\+?https://github\.com/[^()]*\))?",
        "HTTP clients of Node.js",
        "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    ),
    Correction(
        r"^(?:GuzzleHttp/\S+(?: curl/\S+)?(?: PHP/\S+)?|"
        r"PHP-Curl-Class/\S+ \([^()]*\)(?: PHP/\S+)?(?: curl/\S+)?)",
        "HTTP clients of PHP",
        "PHP-Curl-Class/4.13.0 (+https://github.com/php-curl-class/php-curl-class) PHP/7.2.24 curl/7.61.1",
    ),
    Correction(
        r"^http\.rb/\S+$", "an HTTP client of Ruby; link previews name themselves behind it", "http.rb/5.2.0"
    ),
    Correction(
        r"^Stripe/\S+(?: \(\+https://stripe\.com/[^()]*\))?",
        "Stripe's servers report a payment",
        "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    ),
    Correction(r"^Shopify-Captain-Hook\b", "Shopify's servers report an order", "Shopify-Captain-Hook"),
    Correction(
        r"^WooCommerce/\S+(?: Hookshot)?(?: \(WordPress/[^()]*\))?",
        "a WooCommerce shop reports an order",
        "WooCommerce/9.4.1 Hookshot (WordPress/6.7)",
    ),
    Correction(
        r"^(?:PayPal/\S+(?: IPN)?(?: \( ?https://www\.paypal\.com/[^()]*\))?|"
        r"Mollie HTTP client\b|Recurly Webhooks/\S+)",
        "a payment service reports a payment",
        "PayPal/AUHR-214.0-51787073PayPal IPN ( https://www.paypal.com/ipn )",
    ),
    Correction(
        r"^(?:Svix-Webhooks/\S+|SendGrid Event API|Klaviyo/\S+|Zapier\b|Make/\S+|Integromat/\S+|IFTTT/\S+|"
        r"SFDC-Callout/\S+|Zendesk Webhook\b)",
        "a service passes on what it was told",
        "Svix-Webhooks/1.62.0",
    ),
    Correction(
        r"^Amazon CloudFront$",
        "CloudFront puts its own name in place of the visitor's agent",
        "Amazon CloudFront",
    ),
)

# Searched for in what is left: bots that the list lacks.
MISSED = (
    Correction(
        r"Google-Youtube-Links",
        "YouTube follows the links in descriptions",
        "Mozilla/5.0 (compatible; Google-Youtube-Links)",
    ),
    Correction(
        r"thirdLandingPageFeInfra",
        "TikTok loads the page behind an advertisement beforehand",
        "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
        "Mobile Safari/537.36 thirdLandingPageFeInfra",
    ),
    Correction(
        r"^Pinterest/[\d.]+ \(\+", "Pinterest's link preview", "Pinterest/0.2 (+http://www.pinterest.com/)"
    ),
    Correction(
        r"Bluesky Cardyb",
        "Bluesky's link preview",
        "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    ),
    Correction(
        r"Link ?Preview|LinkExpander|[Uu]rl ?[Pp]review",
        "link previews by their name",
        "Quora Link Preview/1.0 (http://www.quora.com)",
    ),
    Correction(
        r"^(?:Misskey|Akkoma|Pleroma|Lemmy|kbin|Pixelfed|GoToSocial|Sharkey|Firefish|SummalyBot|Bridgy)\b",
        "servers of the Fediverse fetch a link's preview",
        "Misskey/2024.11.0 (https://misskey.example)",
    ),
    Correction(
        r"^(?:facebookplatform|meta-externalfetcher|cortex)/\d",
        "Meta's fetchers beside facebookexternalhit",
        "facebookplatform/1.0 (+http://developers.facebook.com)",
    ),
    Correction(
        r"(?i:(?<!cu)bot|crawler|spider)(?:/v?\d|\s*$)|compatible; [\w .-]*(?i:(?<!cu)bot|crawler|spider)\b",
        "it calls itself a bot, crawler or spider",
        "Mozilla/5.0 (compatible; AntBot/1.0; http://www.ant.example)",
    ),
    Correction(
        r"\+ ?(?:https?://|mailto:)|compatible; (?!MSIE)[^;()]+; ?https?://",
        "its operator's address is in it, as well-behaved robots have and browsers have not",
        "Mozilla/5.0 (compatible; Faveeo/1.0; +http://www.faveeo.com)",
    ),
)

"""Tracking parameters: what a link says about who follows it, not about the page. Facts from the vendors' manuals."""

# ruff: noqa: E501, SIM905  a table: rows of words

from urllib.parse import unquote_plus

_PREFIXES = ("utm_", "mtm_", "pk_", "matomo_", "piwik_", "hsa_", "vero_", "at_custom", "ns_", "wt_", "lmd_", "__hs")
# Clicks of advertising networks; senders of mail; site analytics; publishers' own words for a campaign.
_NAMES = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid msclkid yclid ymclid ysclid twclid ttclid li_fat_id igshid
    igsh epik rdt_cid sccid scclid wickedid irclickid irgwc ranmid raneaid ransiteid cjevent obclid tblci oborigurl
    fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map action_type_map action_ref_map
    mc_cid mc_eid mkt_tok _hsenc _hsmi hsctatracking mbid oly_anon_id oly_enc_id ml_subscriber ml_subscriber_hash
    vgo_ee bsft_clkid bsft_uid bsft_eid bsft_mid et_rid et_cid s_cid s_kwcid ck_subscriber_id sfmc_id sc_eh sc_uid sc_llid
    newsletter_id nlid email_id emci emdi ceid
    _ga _gl _openstat xtor xtref xtmc xtcr cmpid cmp cmpid1 icid ito ocid ncid smid smtyp
    at_medium at_campaign at_campaign_type at_creation at_variant at_format at_link_id at_link_origin at_link_type
    at_ptr_name at_bbc_team at_recipient_id at_recipient_list at_send_date at_emailtype at_channel
    wtrid wtmc wt.mc_id wt.nav ref_src ref_url referrer_id guccounter guce_referrer guce_referrer_sig
    soc_src soc_trk tsrc taid sr_share spref share_from shareuid share_token sharesource share_source
    zanpid trk trkcampaign trkinfo camp_id campaign_id campaignid
    __twitter_impression __tn__ __xts__ hc_ref hc_location spm scm_id weibo_id from_source bd_vid
    dm_source dm_medium dm_campaign wgcampaignid wgprogramid wgtarget gm_utm_source cm_mmc cm_ven cm_cat cm_pla cm_ite fref
    original_referer wpisrc intcid wprov echobox
    phpsessid jsessionid aspsessionid
    """.split()
)
# Words that mean a channel in some links and a page in others: tracking only with a value that names a channel.
_SOMETIMES = frozenset({"ref", "source", "src", "from", "via", "channel", "medium", "partner"})
_CHANNELS = frozenset(
    [
        *("rss", "rss2", "rss-feed", "rss_feed", "atom", "feed", "feeds", "feedburner"),
        *("email", "e-mail", "mail", "newsletter", "push", "pushnotification"),
        *("social", "socialmedia", "social_media", "share", "sharing"),
        *("twitter", "tw", "facebook", "fb", "instagram", "linkedin", "telegram", "whatsapp", "pinterest", "reddit"),
        *("googlenews", "google_news", "gnews", "flipboard", "smartnews", "upday", "applenews", "apple_news"),
    ]
)


def is_tracking(parameter: str) -> bool:
    """Return whether a query part such as `utm_source=feed` is known to say nothing about the page."""
    # A name that is none of these stays: an address too many costs a copy, one too few joins two pages.
    name, _, value = parameter.partition("=")
    name = unquote_plus(name).lower() if "%" in name or "+" in name else name.lower()
    return (
        name in _NAMES
        or name.startswith(_PREFIXES)
        or (name in _SOMETIMES and unquote_plus(value).lower() in _CHANNELS)
    )

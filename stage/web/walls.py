"""How long the tables of the packages we use keep people; their log-ins have no wall of a tenant.

They hold what a browser or a mailbox is known by. `stage.core.tenants.retention` reads it.
"""

from stage.core.tenants.retention import Event, Until, delete, keep

_NO_ROLE = Until(Event.ROLES_ENDED, "login_log")

RETENTION = {
    "auth.Permission": keep("words of the framework", plain=("name", "codename")),
    "auth.Group": keep("unused by us, and always empty", plain=("name",)),
    "contenttypes.ContentType": keep("names of tables", plain=("app_label", "model")),
    "sessions.Session": delete(Until("expire_date", "code"), names=("session_key", "session_data")),
    "account.EmailAddress": delete(_NO_ROLE, names=("email",)),
    "account.EmailConfirmation": delete(Until("created", "code"), names=("key",)),
    "mfa.Authenticator": delete(_NO_ROLE, names=("data",)),
    "usersessions.UserSession": delete(
        Until("last_seen_at", "login_log"), names=("session_key", "ip", "user_agent", "data")
    ),
}

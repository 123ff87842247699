/* libsecret and GDBus, and typed stand-ins for their variadic functions and macros, which Swift does not import.

   libsecret opens the encrypted session and codes secrets for it, with functions of its API that are marked as subject
   to change; all methods are called over GDBus, on a connection of our own. */
#ifndef LANYARD_CSECRET_SHIM_H
#define LANYARD_CSECRET_SHIM_H

#define SECRET_API_SUBJECT_TO_CHANGE
#include <gio/gio.h>
#include <libsecret/secret.h>

#define LANYARD_SECRETS_NAME "org.freedesktop.secrets"
#define LANYARD_SECRETS_PATH "/org/freedesktop/secrets"
#define LANYARD_SECRETS_SERVICE "org.freedesktop.Secret.Service"

/* g_dbus_connection_new_for_address: not g_bus_get, whose connection is shared, ends the process when the bus goes and
   may start a bus of its own. */
static inline void lanyard_bus_connect(
    const char *address, GCancellable *cancellable, GAsyncReadyCallback callback, void *data) {
    g_dbus_connection_new_for_address(
        address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
        cancellable, callback, data);
}

/* g_signal_connect of GDBusConnection::closed. */
static inline gulong lanyard_bus_on_closed(
    GDBusConnection *bus, void (*callback)(GDBusConnection *, gboolean, GError *, void *), void *data,
    void (*release)(void *, GClosure *)) {
    return g_signal_connect_data(bus, "closed", G_CALLBACK(callback), data, release, (GConnectFlags)0);
}

/* g_dbus_connection_call to the Secret Service. The answer has the type `answer`, or the call fails. No timeout of
   GDBus's: the cancellable ends the call. */
static inline void lanyard_bus_call(
    GDBusConnection *bus, const char *path, const char *interface, const char *method, GVariant *parameters,
    const char *answer, GCancellable *cancellable, GAsyncReadyCallback callback, void *data) {
    g_dbus_connection_call(
        bus, LANYARD_SECRETS_NAME, path, interface, method, parameters, G_VARIANT_TYPE(answer), G_DBUS_CALL_FLAGS_NONE,
        G_MAXINT, cancellable, callback, data);
}

/* Asks the bus itself for the number of the process that is the Secret Service. */
static inline void lanyard_bus_service_process(
    GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback, void *data) {
    g_dbus_connection_call(
        bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
        g_variant_new("(s)", LANYARD_SECRETS_NAME), G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, cancellable,
        callback, data);
}

#define LANYARD_NOTIFICATIONS "org.freedesktop.Notifications"
#define LANYARD_NOTIFICATIONS_PATH "/org/freedesktop/Notifications"

/* g_dbus_connection_call to whoever shows notifications on the desktop: what it can do, an array of strings. */
static inline void lanyard_bus_notification_capabilities(
    GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback, void *data) {
    g_dbus_connection_call(
        bus, LANYARD_NOTIFICATIONS, LANYARD_NOTIFICATIONS_PATH, LANYARD_NOTIFICATIONS, "GetCapabilities", NULL,
        G_VARIANT_TYPE("(as)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, cancellable, callback, data);
}

/* The same: Notify, with no hints, and an end of the desktop's choice. The actions are names and labels, in turn. */
static inline void lanyard_bus_notify(
    GDBusConnection *bus, const char *title, const char *text, const char *const *names, size_t count,
    GCancellable *cancellable, GAsyncReadyCallback callback, void *data) {
    GVariantBuilder actions, hints;
    g_variant_builder_init(&actions, G_VARIANT_TYPE("as"));
    for (size_t i = 0; i < count; i++)
        g_variant_builder_add(&actions, "s", names[i]);
    g_variant_builder_init(&hints, G_VARIANT_TYPE("a{sv}"));
    g_dbus_connection_call(
        bus, LANYARD_NOTIFICATIONS, LANYARD_NOTIFICATIONS_PATH, LANYARD_NOTIFICATIONS, "Notify",
        g_variant_new("(susssasa{sv}i)", "Lanyard", 0, "", title, text, &actions, &hints, -1),
        G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, cancellable, callback, data);
}

/* A SecretService on the connection it is given as "g-connection". libsecret's own constructor (0.20) puts every one on
   the shared session bus, after the properties are set; this one, of a subclass, has the last word. It also leaves out
   the properties and signals of the service, which nobody here reads. */
static inline GObject *lanyard_secret_service_construct(GType type, guint count, GObjectConstructParam *properties) {
    GObjectClass *parent = (GObjectClass *)g_type_class_peek(SECRET_TYPE_SERVICE);
    GObject *object = parent->constructor(type, count, properties);
    g_object_set(
        object, "g-bus-type", G_BUS_TYPE_NONE, "g-name", LANYARD_SECRETS_NAME, "g-flags",
        G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS, NULL);
    return object;
}

static inline void lanyard_secret_service_class_init(void *class, void *data) {
    (void)data;
    ((GObjectClass *)class)->constructor = lanyard_secret_service_construct;
}

static inline GType lanyard_secret_service_type(void) {
    static gsize type;
    if (g_once_init_enter(&type)) {
        GType made = g_type_register_static_simple(
            SECRET_TYPE_SERVICE, "LanyardSecretService", sizeof(SecretServiceClass), lanyard_secret_service_class_init,
            sizeof(SecretService), NULL, (GTypeFlags)0);
        g_once_init_leave(&type, made);
    }
    return type;
}

/* secret_service_open, with a session, on the connection given. */
static inline void lanyard_secret_service_open(
    GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback, void *data) {
    g_async_initable_new_async(
        lanyard_secret_service_type(), G_PRIORITY_DEFAULT, cancellable, callback, data, "g-connection", bus, "flags",
        SECRET_SERVICE_OPEN_SESSION, NULL);
}

/* g_async_initable_new_finish, typed. */
static inline SecretService *lanyard_secret_service_open_finish(GObject *source, GAsyncResult *result, GError **error) {
    return (SecretService *)g_async_initable_new_finish((GAsyncInitable *)source, result, error);
}

/* g_variant_new, by what it makes; floating, as g_dbus_connection_call takes them. */

static inline GVariant *lanyard_one_string(const char *text) { return g_variant_new("(s)", text); }
static inline GVariant *lanyard_two_strings(const char *first, const char *second) {
    return g_variant_new("(ss)", first, second);
}
static inline GVariant *lanyard_one_secret(GVariant *secret) { return g_variant_new("(@(oayays))", secret); }
static inline GVariant *lanyard_path_and_secret(const char *path, GVariant *secret) {
    return g_variant_new("(o@(oayays))", path, secret);
}

/* The attributes an item is found by; `id` may be NULL. */
static inline GVariant *lanyard_search(const char *application, const char *id) {
    GVariantBuilder attributes;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    g_variant_builder_add(&attributes, "{ss}", "application", application);
    if (id) g_variant_builder_add(&attributes, "{ss}", "id", id);
    return g_variant_new("(a{ss})", &attributes);
}

/* What CreateItem takes: all that can be read of the item while it is locked, and the secret; replaces nothing. */
static inline GVariant *lanyard_new_item(
    const char *label, const char *schema, const char *application, const char *id, GVariant *secret) {
    GVariantBuilder attributes, properties;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    g_variant_builder_add(&attributes, "{ss}", "xdg:schema", schema);
    g_variant_builder_add(&attributes, "{ss}", "application", application);
    g_variant_builder_add(&attributes, "{ss}", "id", id);
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Label", g_variant_new_string(label));
    g_variant_builder_add(
        &properties, "{sv}", "org.freedesktop.Secret.Item.Attributes", g_variant_builder_end(&attributes));
    return g_variant_new("(a{sv}@(oayays)b)", &properties, secret, FALSE);
}

/* The boolean in a variant in a tuple, as Properties.Get answers: 0 or 1, or -1 where it is none. */
static inline int lanyard_boxed_boolean(GVariant *answer) {
    int result = -1;
    GVariant *value = NULL;
    g_variant_get(answer, "(v)", &value);
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN)) result = g_variant_get_boolean(value) != FALSE;
    g_variant_unref(value);
    return result;
}

/* The attribute `name` of the a{ss} in a variant in a tuple, for g_free; NULL where there is none. */
static inline char *lanyard_boxed_attribute(GVariant *answer, const char *name) {
    char *text = NULL;
    GVariant *value = NULL;
    g_variant_get(answer, "(v)", &value);
    if (g_variant_is_of_type(value, G_VARIANT_TYPE("a{ss}"))) g_variant_lookup(value, name, "s", &text);
    g_variant_unref(value);
    return text;
}

#endif

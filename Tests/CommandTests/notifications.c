/* A notification service on the session bus (https://specifications.freedesktop.org/notification-spec) with one person, who
   presses the button that is named in the first argument as soon as it is shown; "none": it has no buttons. Prints a line
   for each notification. */
#include <gio/gio.h>
#include <stdio.h>

#define NAME "org.freedesktop.Notifications"

static const char *button;

static const char introspection[] =
    "<node><interface name='" NAME "'>"
    "<method name='GetCapabilities'><arg direction='out' type='as'/></method>"
    "<method name='Notify'><arg direction='in' type='s'/><arg direction='in' type='u'/><arg direction='in' type='s'/>"
    "<arg direction='in' type='s'/><arg direction='in' type='s'/><arg direction='in' type='as'/>"
    "<arg direction='in' type='a{sv}'/><arg direction='in' type='i'/><arg direction='out' type='u'/></method>"
    "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
    "<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
    "</interface></node>";

static void answer(GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
                   GVariant *parameters, GDBusMethodInvocation *call, void *data)
{
    (void)sender, (void)path, (void)interface, (void)data;
    gboolean buttons = g_strcmp0(button, "none") != 0;
    if (g_strcmp0(method, "GetCapabilities") == 0) {
        const char *all[] = {"body", buttons ? "actions" : NULL, NULL};
        g_dbus_method_invocation_return_value(call, g_variant_new("(^as)", all));
        return;
    }
    const char *title, *text;
    g_variant_get_child(parameters, 3, "&s", &title);
    g_variant_get_child(parameters, 4, "&s", &text);
    printf("%s | %s\n", title, text);
    fflush(stdout);
    g_dbus_method_invocation_return_value(call, g_variant_new("(u)", 7));
    if (!buttons)
        return;
    /* Somebody else's first. */
    g_dbus_connection_emit_signal(bus, NULL, "/org/freedesktop/Notifications", NAME, "ActionInvoked",
                                  g_variant_new("(us)", 6, "allow"), NULL);
    g_dbus_connection_emit_signal(bus, NULL, "/org/freedesktop/Notifications", NAME, "ActionInvoked",
                                  g_variant_new("(us)", 7, button), NULL);
    g_dbus_connection_emit_signal(bus, NULL, "/org/freedesktop/Notifications", NAME, "NotificationClosed",
                                  g_variant_new("(uu)", 7, 2), NULL);
}

static void ready(GDBusConnection *bus, const char *name, void *data)
{
    (void)bus, (void)name, (void)data;
    puts("ready");
    fflush(stdout);
}

static void connected(GDBusConnection *bus, const char *name, void *data)
{
    static const GDBusInterfaceVTable table = {.method_call = answer};
    GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(introspection, NULL);
    (void)name, (void)data;
    g_dbus_connection_register_object(bus, "/org/freedesktop/Notifications", node->interfaces[0], &table, NULL, NULL, NULL);
}

int main(int count, char **arguments)
{
    button = count > 1 ? arguments[1] : "none";
    g_bus_own_name(G_BUS_TYPE_SESSION, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, connected, ready, NULL, NULL, NULL);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}

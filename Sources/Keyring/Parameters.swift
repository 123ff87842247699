import CSecret

// What GLib makes here is floating and goes to `taking` at once; strings are copied, and variants are referenced, during
// the call. That is why each `unsafe` below holds.

extension Variant {
    /// What items of ours say they are, in the attribute `xdg:schema`.
    static let schema = "io.lanyard.Item"
    /// The label of every item.
    static let label = "Lanyard"

    /// One string.
    static func string(_ text: String) -> Variant { unsafe Variant(taking: lanyard_one_string(text)) }

    /// Two strings.
    static func strings(_ first: String, _ second: String) -> Variant {
        unsafe Variant(taking: lanyard_two_strings(first, second))
    }

    /// A secret, as a session has encoded it: what SetSecret takes.
    static func secret(_ secret: Variant) -> Variant { unsafe Variant(taking: lanyard_one_secret(secret.pointer)) }

    /// An object path and a secret.
    static func path(_ path: String, secret: Variant) -> Variant {
        unsafe Variant(taking: lanyard_path_and_secret(path, secret.pointer))
    }

    /// The parameters of CreateItem.
    static func newItem(_ application: String, _ id: String, _ secret: Variant) -> Variant {
        unsafe Variant(taking: lanyard_new_item(label, schema, application, id, secret.pointer))
    }

    /// No parameters.
    static var none: Variant { unsafe Variant(taking: g_variant_new_tuple(nil, 0)) }

    /// The parameters of SearchItems.
    static func search(_ application: String, _ id: String?) -> Variant {
        guard let id else { return unsafe Variant(taking: lanyard_search(application, nil)) }
        return unsafe Variant(taking: lanyard_search(application, id))
    }

    /// Object paths, and `session` where it is given: what Unlock and GetSecrets take.
    static func paths(_ paths: [String], _ session: String? = nil) -> Variant {
        let array = unsafe g_variant_builder_new(g_variant_type_checked_("ao"))
        for path in paths { unsafe g_variant_builder_add_value(array, g_variant_new_object_path(path)) }
        var children: [OpaquePointer?] = unsafe [g_variant_builder_end(array)]
        unsafe g_variant_builder_unref(array)
        if let session { unsafe children.append(g_variant_new_object_path(session)) }
        // The tuple takes over the children, which are floating.
        return unsafe Variant(taking: g_variant_new_tuple(&children, gsize(children.count)))
    }

    /// The attribute `name` of what Properties.Get has answered for an item's attributes.
    func attribute(_ name: String) -> String? {
        // The text is ours to free.
        guard let text = unsafe lanyard_boxed_attribute(pointer, name) else { return nil }
        defer { unsafe g_free(text) }
        return unsafe String(cString: text)
    }
}

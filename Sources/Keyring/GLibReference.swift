import CSecret

/// A reference to a GObject that ends with this one: a connection, a SecretService.
@safe final class ObjectReference: @unchecked Sendable {
    // Unchecked: the pointer never changes, and GObject counts references atomically.
    let pointer: OpaquePointer

    /// Takes over the caller's reference.
    init(taking pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe g_object_unref(UnsafeMutableRawPointer(pointer)) }
}

/// A GVariant, which never changes.
@safe final class Variant: @unchecked Sendable {
    // Unchecked: a GVariant is immutable, and its references are counted atomically.
    let pointer: OpaquePointer

    /// Takes over the caller's reference; a floating one is made a plain one.
    init(taking pointer: OpaquePointer) { unsafe self.pointer = g_variant_take_ref(pointer) }

    deinit { unsafe g_variant_unref(pointer) }

    /// How many children a container has.
    var count: Int { Int(unsafe g_variant_n_children(pointer)) }

    /// A container's child; it must be there.
    subscript(index: Int) -> Variant {
        precondition(index >= 0 && index < count, "a variant has no such child")
        return unsafe Variant(taking: g_variant_get_child_value(pointer, gsize(index)))
    }

    /// The text of a string or an object path.
    var text: String {
        // GLib checks the type and gives text of the variant's own, which is copied here.
        unsafe String(cString: g_variant_get_string(pointer, nil))
    }

    /// The texts of an array of strings or object paths.
    var texts: [String] { (0..<count).map { self[$0].text } }
}

/// What ends one asynchronous call of GLib's early.
@safe final class Cancellable: @unchecked Sendable {
    // Unchecked: the pointer never changes, and GCancellable may be used from any thread.
    let pointer: UnsafeMutablePointer<GCancellable>

    init() { unsafe pointer = g_cancellable_new() }

    deinit { unsafe g_object_unref(UnsafeMutableRawPointer(pointer)) }

    func cancel() { unsafe g_cancellable_cancel(pointer) }
}

import CGLib

/// The two sources that the loop adds to GLib's default context.
@unsafe struct LoopSources {
    private let queue: UnsafeMutablePointer<GSource>
    private let descriptors: UnsafeMutablePointer<GSource>

    init(epoll: Int32) {
        unsafe queue = Self.attach(queueFunctions, watching: nil)
        unsafe descriptors = Self.attach(descriptorFunctions, watching: epoll)
    }

    func destroy() {
        unsafe Self.detach(queue)
        unsafe Self.detach(descriptors)
    }

    private static func attach(
        _ functions: UnsafeMutablePointer<GSourceFuncs>, watching descriptor: Int32?
    ) -> UnsafeMutablePointer<GSource> {
        // GLib allocates or ends the process: g_source_new never returns NULL.
        let source: UnsafeMutablePointer<GSource> = unsafe g_source_new(functions, guint(MemoryLayout<GSource>.size))
        if let descriptor { unsafe g_source_add_unix_fd(source, descriptor, G_IO_IN) }
        // Else GLib takes the source out of its poll set around each dispatch, and wakes itself for that.
        unsafe g_source_set_can_recurse(source, 1)
        unsafe g_source_attach(source, nil)
        return unsafe source
    }

    private static func detach(_ source: UnsafeMutablePointer<GSource>) {
        unsafe g_source_destroy(source)
        unsafe g_source_unref(source)
    }
}

// GLib keeps the addresses of these two, so they live as long as the process. Written here, at file level, because a closure
// written in loop-isolated code would be isolated itself.

nonisolated(unsafe) private let queueFunctions = unsafe functions(
    prepare: { _, timeout in
        unsafe timeout?.pointee = -1
        return LoopExecutor.shared.hasJobs ? 1 : 0
    },
    check: { _ in LoopExecutor.shared.hasJobs ? 1 : 0 },
    dispatch: { _, _, _ in
        LoopExecutor.shared.drain()
        return 1
    })

// Neither prepare nor check: GLib then goes by what poll said of the source's descriptor.
nonisolated(unsafe) private let descriptorFunctions = unsafe functions(
    prepare: nil, check: nil,
    dispatch: { _, _, _ in
        LoopActor.assumeIsolated { DescriptorSet.shared.dispatch() }
        // What the handlers have resumed runs now, or each message would cost a second poll.
        LoopExecutor.shared.drain()
        return 1
    })

private func functions(
    prepare: (@convention(c) (UnsafeMutablePointer<GSource>?, UnsafeMutablePointer<gint>?) -> gboolean)?,
    check: (@convention(c) (UnsafeMutablePointer<GSource>?) -> gboolean)?,
    dispatch: @convention(c) (UnsafeMutablePointer<GSource>?, GSourceFunc?, gpointer?) -> gboolean
) -> UnsafeMutablePointer<GSourceFuncs> {
    let functions = UnsafeMutablePointer<GSourceFuncs>.allocate(capacity: 1)
    unsafe functions.initialize(
        to: GSourceFuncs(
            prepare: prepare, check: check, dispatch: dispatch, finalize: nil, closure_callback: nil,
            closure_marshal: nil))
    return unsafe functions
}

package io.meshwork.notice;

/**
 * Port: hands a notice to the outside. It is called at least once for each notice, in order per
 * product or domain, and never holds up a publish. Whatever it throws is taken as "not delivered":
 * the same notice comes again later, with the same {@link Notice#id()}, and those after it of the
 * same product wait. Several threads may call it for several products.
 *
 * <p>Ready ones: {@link LogNotifier}, {@link OutboxNotifier}, and any lambda. Whoever calls a
 * service sets a time limit of his own: a notifier that never returns holds up its own notices, and
 * whoever waits for it in {@code deliverNotices()} or {@code maintain()}, whatever their deadlines:
 * nobody can end its call.
 */
@FunctionalInterface
public interface Notifier {
  /** Delivers, or throws to be called again later. */
  void deliver(Notice notice);
}

package io.meshwork.notice;

import java.nio.file.Path;

/**
 * Port: delivers a notice to another system. It is called at least once for each notice, in order
 * for each product or domain, and never delays a publish. If it throws, the notice counts as not
 * delivered: the same notice is delivered again later, with the same {@link Notice#id()}, and later
 * notices of the same product wait. Several threads may call it for several products.
 *
 * <p>Use {@link #toLog()}, {@link #toOutbox}, or your own implementation. Set a timeout if you call
 * a service: a notifier that never returns blocks its own notices and callers of {@code
 * deliverNotices()} and {@code maintain()}, whatever their deadlines.
 */
@FunctionalInterface
public interface Notifier {
  /** Delivers the notice, or throws to be called again later. */
  void deliver(Notice notice);

  /** Returns a notifier that logs each notice as one line of JSON, at level INFO, with SLF4J. */
  static Notifier toLog() {
    return new LogNotifier();
  }

  /**
   * Returns a notifier that writes each notice as one JSON file, named by its id, for another
   * program to process. A file appears complete or not at all and survives a power failure; a
   * repeated notice changes nothing. After processing a file, move it to the subfolder {@code
   * done}, so that a repeated notice does not write it again. Several processes may share the
   * folder.
   *
   * @param folder is created with the first notice
   */
  static Notifier toOutbox(Path folder) {
    return OutboxNotifier.in(folder);
  }

  /**
   * What a delivery of notices did. Immutable.
   *
   * @param delivered how many notices were delivered
   * @param failed how many notices a notifier threw for; they are retried later
   * @param parked how many notices were given up after the last retry; {@code Mesh.doctor()} lists
   *     them
   */
  record DeliveryReport(long delivered, long failed, long parked) {
    /** Nothing was due. */
    public static final DeliveryReport NOTHING = new DeliveryReport(0, 0, 0);

    /** Returns the sum of both. */
    public DeliveryReport plus(DeliveryReport other) {
      return new DeliveryReport(
          delivered + other.delivered, failed + other.failed, parked + other.parked);
    }
  }
}

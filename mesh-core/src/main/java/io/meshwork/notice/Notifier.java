package io.meshwork.notice;

import io.meshwork.event.MeshEvent;
import io.meshwork.product.Domain;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Port: delivers a notice to another system. It is called at least once for each notice, in order
 * for each product or domain, and never delays a publish. If it throws, the notice counts as not
 * delivered: the same notice is delivered again later, with the same {@link Notice#id()}, and later
 * notices of the same product wait. Several threads may call it for several products.
 *
 * <p>If it throws a {@link io.meshwork.error.BackendException} that is not {@linkplain
 * io.meshwork.error.BackendException#retryable() retryable}, the notice is parked at once.
 *
 * <p>Use {@link #toLog()}, {@link #toOutbox}, {@link #toWebhook}, or your own implementation. Set a
 * timeout if you call a service: a notifier that never returns blocks its own notices and callers
 * of {@code deliverNotices()} and {@code maintain()}, whatever their deadlines.
 */
@FunctionalInterface
public interface Notifier {
  /** Delivers the notice, or throws to be called again later. */
  void deliver(Notice notice);

  /**
   * Returns true if each event of the logs is delivered too, before its notices. Default: false.
   */
  default boolean deliversEvents() {
    return false;
  }

  /**
   * Delivers an event, or throws to be called again later, as for a notice: at least once, in the
   * order of its log, with the same {@link MeshEvent#id()}. Called only if {@link #deliversEvents}
   * returns true. The details of an event can contain reasons that people wrote; only principals of
   * its domain may read them. Default: nothing.
   *
   * @param owner the domain whose log has the event, as currently registered
   */
  default void deliver(MeshEvent event, Domain owner) {}

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
   * Returns a notifier that posts each notice to a URL, signed as <a
   * href="https://www.standardwebhooks.com">Standard Webhooks</a> define it, version 1: the headers
   * {@code webhook-id}, which is the notice's ID with colons for dots, {@code webhook-timestamp},
   * and {@code webhook-signature}; the body is JSON with {@code type}, such as {@code
   * notice.published}, {@code timestamp}, and {@code data}, which is {@link Notice#toEventJson()}.
   * The receiver accepts a notice with a status of 200 to 299 within 20 seconds. After 410, the
   * notice is parked at once; after another answer, it is delivered again later. Redirects are not
   * followed.
   *
   * @param url https with a host; http for this host only
   * @param secrets one, or several while you replace one: each signs; each is {@code whsec_} and 24
   *     to 64 bytes in Base64
   * @throws io.meshwork.error.InvalidRequestException if an argument is not as described
   */
  static Notifier toWebhook(URI url, String... secrets) {
    return WebhookNotifier.to(url, List.of(secrets), InstantSource.system());
  }

  /**
   * The result of a delivery of notices, and of events to notifiers that deliver them. Immutable.
   *
   * @param delivered how many notices and events were delivered
   * @param failed how many deliveries failed, and are retried later or stay parked: a notifier
   *     threw, the notices of an event could not be created, or a log could not be read
   * @param parked how many notices and events were parked, after the last retry or because a retry
   *     cannot help; {@code Mesh.doctor()} lists them
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

package io.meshwork.internal.consume;

import io.meshwork.consume.Read;
import io.meshwork.consume.Read.WaitingRows;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.Rollout.Track;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/** Creates the operations of a consumer, for {@code MeshClient}, which documents them. */
public final class ConsumerOperations {
  private ConsumerOperations() {}

  /** Reads the tracks of subscriptions. */
  @FunctionalInterface
  public interface Tracks {
    /** Returns the tracks of these subscriptions in open rollouts; none for one in no rollout. */
    Map<SubscriberList.Entry, Track> of(
        ClientSession session, List<SubscriberList.Entry> subscriptions);
  }

  public static Read.OfProduct<GenericRecord> read(ClientSession session, CharSequence product) {
    return ProductRead.of(session, product);
  }

  /**
   * Returns the first rows of a product that a page shows, as the reader reads them: in the same
   * columns and masked alike. Only the audit counts that. Close the result.
   *
   * @param read what {@link #read} returned; only its product and major version count
   * @return empty if a row filter may hide rows from the reader
   * @throws io.meshwork.error.MeshException as {@link Read#rows}
   */
  public static Optional<Rows<Map<String, Object>>> sample(Read<?> read) {
    if (read instanceof ProductRead<?> productRead) {
      return productRead.sample();
    }
    throw new IllegalArgumentException("not a read of a product: " + read);
  }

  /** Reads the quarantine of a product. */
  public static Read<GenericRecord> quarantine(ClientSession session, CharSequence product) {
    return ProductRead.ofQuarantine(session, product);
  }

  /** Reads the quarantines of all major versions of a product. */
  public static WaitingRows waitingRows(ClientSession session, CharSequence product) {
    return new ProductWaitingRows(session, product);
  }

  public static Subscribe<GenericRecord> subscribe(ClientSession session, CharSequence product) {
    return SubscriptionRegistration.of(session, product);
  }

  public static PlannedOperation.WithReason<Optional<Subscription.Summary>> unsubscribe(
      ClientSession session, Tracks tracks, CharSequence product, String subscription) {
    return SubscriptionTermination.of(session, tracks, product, subscription);
  }

  /** Lists the subscriptions of the caller's domain. */
  public static List<Subscription.Summary> subscriptions(ClientSession session, Tracks tracks) {
    return SubscriptionSummary.all(session, tracks);
  }

  /** Lists the subscriptions to a product, or to all products of a domain. */
  public static List<Subscription.Summary> subscriptions(
      ClientSession session, Tracks tracks, CharSequence productOrDomain) {
    return SubscriptionSummary.to(session, tracks, productOrDomain);
  }

  /** Lists the events of a log. */
  public static MeshEvent.Query events(ClientSession session, CharSequence productOrDomain) {
    return EventQuery.of(session, productOrDomain);
  }
}

package io.meshwork.internal.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.delivery.LatenessRecipients.Recipient;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last episode of lateness of a major version, as the registry stores it. Immutable.
 *
 * @param since when its rows became older than promised
 * @param causes the products because of which it is late
 * @param began when the episode was recorded
 * @param notified who was notified; empty if a catalog could not be read
 * @param previous the episode before, of whose end notices may not be sent yet
 * @param repeated true if it began soon after the one before
 * @param escalated true if it was escalated
 * @param ended when the rows were fresh again; empty until then
 */
record StoredEpisode(
    Instant since,
    @JsonInclude(JsonInclude.Include.ALWAYS) List<ProductName> causes,
    Instant began,
    Optional<List<Recipient>> notified,
    Optional<Previous> previous,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean repeated,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean escalated,
    Optional<Instant> ended) {
  /** Names each subscription, as the next does. */
  private static final String NOTIFIED = "notified";

  private static final String PREVIOUS = "previous";

  /** Who was notified of an episode. */
  record Previous(Instant since, List<Recipient> notified) {}

  static StoredEpisode of(VersionedDocument stored) {
    return DocumentCodec.of(StoredEpisode.class)
        .read(PackedPart.unpack(PackedPart.unpack(stored.json(), NOTIFIED), PREVIOUS));
  }

  ObjectNode json() {
    ObjectNode json = DocumentCodec.of(StoredEpisode.class).write(this, Optional.empty());
    PackedPart.pack(json, NOTIFIED);
    PackedPart.pack(json, PREVIOUS);
    return json;
  }

  boolean isOpen() {
    return ended.isEmpty();
  }

  /** Who was notified of the episode that began to be late at a time; empty if it is unknown. */
  Optional<List<Recipient>> notifiedSince(Instant time) {
    return Stream.concat(notices(), previous.stream())
        .filter(episode -> episode.since().equals(time))
        .map(Previous::notified)
        .findFirst();
  }

  /** This episode as the previous one of another; empty if it is not known who was notified. */
  Stream<Previous> notices() {
    return notified.stream().map(recipients -> new Previous(since, recipients));
  }

  /** The episode once it is escalated, of which more are notified. */
  StoredEpisode escalatedTo(LatenessRecipients recipients) {
    return new StoredEpisode(
        since,
        causes,
        began,
        notified.map(
            earlier ->
                Stream.concat(earlier.stream(), recipients.ofDomain(earlier).stream()).toList()),
        previous,
        repeated,
        true,
        ended);
  }

  StoredEpisode endedAt(Instant time) {
    return new StoredEpisode(
        since, causes, began, notified, previous, repeated, escalated, Optional.of(time));
  }
}

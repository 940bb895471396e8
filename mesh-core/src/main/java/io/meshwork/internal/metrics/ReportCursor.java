package io.meshwork.internal.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * How far the logs of a domain's products were reported. It starts at the first run, and never
 * moves back. Used by one thread.
 */
final class ReportCursor {
  private static final String LOGS = "logs";

  /** What was reported has to be recorded, also if the time of the run is over. */
  private static final Duration TIME_TO_WRITE = Duration.ofSeconds(10);

  private static final Duration DAILY = Duration.ofHours(23);

  /** A page of a log has up to a thousand entries, most of which were reported before. */
  private static final long FEW = 50;

  /** The events by which rows come to a product. */
  private static final Set<MeshEvent.Type> PUBLISHES =
      Set.of(MeshEvent.Type.PRODUCT_PUBLISHED, MeshEvent.Type.PRODUCT_ENGINE_COMMIT);

  private final ClientSession session;
  private final Key key;
  private final boolean isFirst;
  private final Map<String, Long> logs;
  private Optional<Instant> daily;

  private ReportCursor(ClientSession session, Key key, Optional<StoredReport> stored) {
    this.session = session;
    this.key = key;
    this.isFirst = stored.isEmpty();
    this.logs = new TreeMap<>(stored.map(StoredReport::logs).orElse(Map.of()));
    this.daily = stored.flatMap(StoredReport::daily);
  }

  /**
   * What the registry stores.
   *
   * @param daily when what is reported once a day was reported last; empty if it never was
   * @param logs the sequences of the last reported entries, by the partition of the log
   */
  private record StoredReport(Optional<Instant> daily, Map<String, Long> logs) {
    static StoredReport of(VersionedDocument stored) {
      return DocumentCodec.of(StoredReport.class).read(PackedPart.unpack(stored.json(), LOGS));
    }

    ObjectNode document() {
      ObjectNode json = DocumentCodec.document(this);
      PackedPart.pack(json, LOGS);
      return json;
    }

    StoredReport plus(StoredReport other) {
      Map<String, Long> newest = new TreeMap<>(logs);
      other.logs().forEach((log, sequence) -> newest.merge(log, sequence, Math::max));
      return new StoredReport(daily.or(other::daily), newest);
    }
  }

  /**
   * Reads the cursor of a report.
   *
   * @param partition a partition that each process with this report may write
   * @param report the kind of the report and the storage name of the domain
   */
  static ReportCursor read(ClientSession session, String partition, String report) {
    Key key = new Key(partition, UnloggedDocuments.REPORTED + report);
    return new ReportCursor(session, key, session.ledger().read(key).map(StoredReport::of));
  }

  /** Returns true once a day. */
  boolean isDailyDue(Instant now) {
    return daily.filter(last -> Duration.between(last, now).abs().compareTo(DAILY) < 0).isEmpty();
  }

  void reportedDaily(Instant now) {
    daily = Optional.of(now);
  }

  /**
   * Reads the publishes of a product that were not reported, oldest first, and passes them.
   *
   * @param isOver asked between entries; true leaves the rest to the next call
   * @return true if none is left
   */
  boolean advance(
      ProductName product, BooleanSupplier isOver, BiConsumer<Instant, TableCommit> publish) {
    String log = RegistryKeys.partition(product);
    long newest = session.ledger().newestSequence(log);
    long first = logs.getOrDefault(log, isFirst ? newest : 0L) + 1;
    logs.put(log, first - 1);
    Iterator<VersionedDocument> entries = entries(log, first, newest);
    while (!isOver.getAsBoolean() && entries.hasNext()) {
      VersionedDocument entry = entries.next();
      entry
          .readAs(stored -> MeshEvent.fromJson(log, DocumentJson.write(stored.json())))
          .filter(event -> PUBLISHES.contains(event.type()))
          .ifPresent(
              event -> {
                if (EventDetailsCodec.detailsOf(event) instanceof TableCommit commit) {
                  publish.accept(event.at(), commit);
                }
              });
      logs.put(log, Ledger.sequence(entry));
    }
    boolean isLeft = entries.hasNext();
    if (!isLeft) {
      logs.merge(log, newest, Math::max); // the newest entry may be missing
    }
    return !isLeft;
  }

  private Iterator<VersionedDocument> entries(String log, long first, long last) {
    return last - first < FEW
        ? LongStream.rangeClosed(first, last)
            .mapToObj(sequence -> session.ledger().entry(log, sequence))
            .flatMap(Optional::stream)
            .iterator()
        : session.ledger().oldestFirst(log, first, last);
  }

  /**
   * Records it, unless it is recorded.
   *
   * @throws io.meshwork.error.MeshException if the registry cannot be written; the next run then
   *     reports the same again
   */
  void write() {
    StoredReport reported = new StoredReport(daily, logs);
    session
        .ledger()
        .commit(
            new Ledger.Change<Boolean>() {
              @Override
              public MeshAction action() {
                return MeshAction.of(Verb.RECORD, "what was reported");
              }

              @Override
              public String partition() {
                return key.partition();
              }

              @Override
              public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
                Optional<VersionedDocument> stored = session.ledger().read(key);
                Optional<StoredReport> before = stored.map(StoredReport::of);
                StoredReport after = before.map(reported::plus).orElse(reported);
                if (before.equals(Optional.of(after))) {
                  return CommitDraft.unchanged(false);
                }
                CommitDraft<Boolean> draft = CommitDraft.unlogged();
                return (stored.isPresent()
                        ? draft.replace(stored.get(), after.document())
                        : draft.insert(key, after.document()))
                    .result(true);
              }
            },
            session.runtime().startDeadline(TIME_TO_WRITE));
  }
}

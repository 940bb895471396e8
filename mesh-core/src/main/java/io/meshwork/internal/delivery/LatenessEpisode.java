package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LatenessRecipients.Recipient;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The episode in which a major version is late: it begins when its rows are older than its contract
 * promises, and ends when they are fresh; without a promise, or for a retired version, it rests. It
 * is escalated once if it is long, or the second one within a week. Each of these is one log entry,
 * from which the notices follow, so that each is sent once. The document has the last episode.
 */
public final class LatenessEpisode implements Ledger.Change<Boolean> {
  /** How many times the promised age a major version is late before that is escalated. */
  private static final int LONG = 3;

  /** The time within which a second episode is escalated. */
  private static final Duration REPEATED_WITHIN = Duration.ofDays(7);

  private final ClientSession session;
  private final TableName table;

  /** What happens to an episode. */
  public enum Step {
    /** The major version is late. */
    BEGIN,
    /** It is late for long, or again. */
    ESCALATE,
    /** It is fresh. */
    END
  }

  LatenessEpisode(ClientSession session, TableName table) {
    this.session = session;
    this.table = table;
  }

  /**
   * Returns what would happen to the episode of a major version now; empty if nothing.
   *
   * @throws MeshException if the registry or the table cannot be read
   */
  public static Optional<Step> due(ClientSession session, TableName table) {
    LatenessEpisode episode = new LatenessEpisode(session, table);
    return episode
        .promising()
        .flatMap(
            version ->
                step(episode.last(), episode.age(version), session.runtime().clock().instant()));
  }

  /**
   * Begins, escalates, or ends the episode if that is due.
   *
   * @return true if one of these happened; another may be due then
   */
  public static boolean update(ClientSession session, TableName table, Deadline deadline) {
    return session.ledger().commit(new LatenessEpisode(session, table), deadline);
  }

  /** Ends the episode after a publish, if there is one. */
  public static void endIfFresh(ClientSession session, TableName table) {
    LatenessEpisode episode = new LatenessEpisode(session, table);
    if (episode.last().filter(StoredEpisode::isOpen).isPresent()) {
      session.ledger().commit(episode, session.deadline());
    }
  }

  private Optional<StoredEpisode> last() {
    return session.ledger().read(key()).map(StoredEpisode::of);
  }

  private static Optional<Step> step(Optional<StoredEpisode> last, DataAge age, Instant now) {
    Optional<StoredEpisode> open = last.filter(StoredEpisode::isOpen);
    Optional<Instant> since = age.lateSince(now);
    if (since.isPresent() != open.isPresent()) {
      return Optional.of(since.isPresent() ? Step.BEGIN : Step.END);
    }
    return open.filter(episode -> !episode.escalated())
        .filter(
            episode ->
                episode.repeated() || isLong(episode.since(), age.limit().orElseThrow(), now))
        .map(episode -> Step.ESCALATE);
  }

  /** True if a major version that is late since a time is late for long. */
  static boolean isLong(Instant since, Duration limit, Instant now) {
    return now.isAfter(since.plus(limit.multipliedBy(LONG)));
  }

  Key key() {
    return RegistryKeys.lateness(table.product(), table.major());
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.CHECK, "the freshness of " + table);
  }

  @Override
  public String partition() {
    return table.partition();
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<VersionedDocument> stored = session.ledger().read(key());
    Optional<StoredEpisode> last = stored.map(StoredEpisode::of);
    Optional<VersionedDocument> pointer = session.ledger().read(table.key());
    Optional<VersionEntry> version = promising();
    Optional<DataAge> age = version.map(this::age);
    Optional<Step> step = age.flatMap(each -> step(last, each, attempt.clock()));
    if (step.isEmpty() || pointer.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    StoredEpisode next =
        switch (step.get()) {
          case BEGIN -> begun(age.orElseThrow(), last, attempt.clock());
          case ESCALATE -> last.orElseThrow().escalatedTo(recipients());
          case END -> last.orElseThrow().endedAt(attempt.clock());
        };
    CommitDraft<Boolean> draft =
        draft(step.get(), next, age.orElseThrow()).check(pointer.get()).result(true);
    if (step.get() == Step.BEGIN) {
      draft.check(version.orElseThrow().majorStored());
    }
    return stored.isPresent()
        ? draft.replace(stored.get(), next.json())
        : draft.insert(key(), next.json());
  }

  private StoredEpisode begun(DataAge age, Optional<StoredEpisode> last, Instant now) {
    Instant since = age.lateSince(now).orElseThrow();
    List<ProductName> causes =
        new LatenessCauses(session, table)
            .of(age, since).stream().map(MajorVersion::product).toList();
    return new StoredEpisode(
        since,
        causes,
        now,
        concerned(causes),
        last.flatMap(before -> before.notices().findFirst()),
        last.filter(before -> !before.began().plus(REPEATED_WITHIN).isBefore(now)).isPresent(),
        false,
        Optional.empty());
  }

  /** Since when the last episode made the rows late at a time; empty if it did not. */
  Optional<Instant> lateSince(Instant at) {
    return last()
        .filter(last -> last.ended().filter(ended -> !ended.isAfter(at)).isEmpty())
        .map(StoredEpisode::since)
        .filter(since -> !since.isAfter(at));
  }

  /** Who is notified now, and of the end; empty if a catalog cannot be read. */
  private Optional<List<Recipient>> concerned(List<ProductName> causes) {
    try {
      return Optional.of(recipients().concerned(causes));
    } catch (MeshException e) {
      return Optional.empty(); // an unreachable consumer does not prevent the notice to others
    }
  }

  private LatenessRecipients recipients() {
    return new LatenessRecipients(
        session, session.catalog().requireProduct(table.product(), action()), table.major());
  }

  /** Who was notified of an episode that ended; empty if it is unknown. */
  static Optional<List<Recipient>> notified(
      ClientSession session, ProductName product, EventDetails.LatenessChange ended) {
    return session
        .ledger()
        .read(RegistryKeys.lateness(product, ended.major()))
        .flatMap(stored -> StoredEpisode.of(stored).notifiedSince(ended.since()));
  }

  /** A publish at the same time changes the pointer, and the next attempt sees its rows. */
  private CommitDraft<Boolean> draft(Step step, StoredEpisode episode, DataAge age) {
    MeshEvent.Type event =
        switch (step) {
          case BEGIN -> MeshEvent.Type.PRODUCT_LATE;
          case ESCALATE -> MeshEvent.Type.PRODUCT_LATENESS_ESCALATED;
          case END -> MeshEvent.Type.PRODUCT_FRESH;
        };
    return CommitDraft.<Boolean>of(event.text(), session.principal(), table.product().toString())
        .details(
            new EventDetails.LatenessChange(
                table.major(),
                episode.since(),
                age.limit().filter(limit -> step != Step.END),
                episode.causes(),
                step == Step.END && episode.escalated()));
  }

  /** The contract of the major version, if consumers read it and it promises freshness. */
  Optional<VersionEntry> promising() {
    return Optional.of(
            session.catalog().requireFor(Use.DESCRIBE, table.product(), table.major(), action()))
        .filter(version -> version.state().allows(Use.READ))
        .filter(version -> version.contract().freshWithin().isPresent());
  }

  DataAge age(VersionEntry version) {
    return DataAge.of(session, table.product(), version, session.tables().load(table), action())
        .orSinceDefinition(session.ledger(), table.product(), table.major());
  }
}

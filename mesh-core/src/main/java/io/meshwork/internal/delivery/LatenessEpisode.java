package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

  private static final String SINCE = "since";
  private static final String BEGAN = "began";
  private static final String ENDED = "ended";
  private static final String CAUSES = "causes";
  private static final String REPEATED = "repeated";
  private static final String ESCALATED = "escalated";
  private static final String NOTIFIED = "notified";
  private static final String PREVIOUS = "previous";

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
                step(
                    session.ledger().read(episode.key()),
                    episode.age(version),
                    session.runtime().clock().instant()));
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
    if (session.ledger().read(episode.key()).filter(LatenessEpisode::isOpen).isPresent()) {
      session.ledger().commit(episode, session.deadline());
    }
  }

  private static boolean isOpen(VersionedDocument episode) {
    return !episode.json().has(ENDED);
  }

  private static Optional<Step> step(Optional<VersionedDocument> last, DataAge age, Instant now) {
    Optional<JsonNode> open = last.filter(LatenessEpisode::isOpen).map(VersionedDocument::json);
    Optional<Instant> since = age.lateSince(now);
    if (since.isPresent() != open.isPresent()) {
      return Optional.of(since.isPresent() ? Step.BEGIN : Step.END);
    }
    return open.filter(episode -> !episode.path(ESCALATED).asBoolean())
        .filter(
            episode ->
                episode.path(REPEATED).asBoolean()
                    || isLong(time(episode, SINCE), age.limit().orElseThrow(), now))
        .map(episode -> Step.ESCALATE);
  }

  /** True if a major version that is late since a time is late for long. */
  static boolean isLong(Instant since, Duration limit, Instant now) {
    return now.isAfter(since.plus(limit.multipliedBy(LONG)));
  }

  private static Instant time(JsonNode episode, String field) {
    return Instant.parse(episode.path(field).asText());
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
    Optional<VersionedDocument> last = session.ledger().read(key());
    Optional<VersionedDocument> pointer = session.ledger().read(table.key());
    Optional<VersionEntry> version = promising();
    Optional<DataAge> age = version.map(this::age);
    Optional<Step> step = age.flatMap(each -> step(last, each, attempt.clock()));
    if (step.isEmpty() || pointer.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    return switch (step.get()) {
      case BEGIN ->
          begin(version.orElseThrow(), age.orElseThrow(), last, pointer.get(), attempt.clock());
      case ESCALATE -> escalate(age.orElseThrow(), last.orElseThrow(), pointer.get());
      case END -> end(last.orElseThrow(), pointer.get(), attempt.clock());
    };
  }

  private CommitDraft<Boolean> begin(
      VersionEntry version,
      DataAge age,
      Optional<VersionedDocument> last,
      VersionedDocument pointer,
      Instant now) {
    Instant since = age.lateSince(now).orElseThrow();
    ArrayNode causes = JsonNodeFactory.instance.arrayNode();
    new LatenessCauses(session, table)
        .of(age, since)
        .forEach(cause -> causes.add(cause.product().toString()));
    ObjectNode document = DocumentJson.create().put(SINCE, since.toString());
    document.set(CAUSES, causes);
    document.put(BEGAN, now.toString());
    recipients(causes).ifPresent(notified -> document.set(NOTIFIED, notified));
    last.map(VersionedDocument::json)
        .filter(before -> before.has(NOTIFIED))
        .ifPresent(
            before -> {
              ObjectNode previous = document.putObject(PREVIOUS);
              previous.set(SINCE, before.path(SINCE));
              previous.set(NOTIFIED, before.path(NOTIFIED));
            });
    if (last.filter(before -> isRecent(before.json(), now)).isPresent()) {
      document.put(REPEATED, true);
    }
    CommitDraft<Boolean> draft =
        draft(MeshEvent.Type.PRODUCT_LATE.text(), since, pointer)
            .detail("freshWithin", age.limit().orElseThrow().toString())
            .detail(CAUSES, causes)
            .check(version.majorStored())
            .result(true);
    return last.isPresent() ? draft.replace(last.get(), document) : draft.insert(key(), document);
  }

  /** Since when the last episode made the rows late at a time; empty if it did not. */
  Optional<Instant> lateSince(Instant at) {
    return session
        .ledger()
        .read(key())
        .map(VersionedDocument::json)
        .filter(last -> !last.has(ENDED) || time(last, ENDED).isAfter(at))
        .map(last -> time(last, SINCE))
        .filter(since -> !since.isAfter(at));
  }

  /** Who is notified now, and of the end; empty if a catalog cannot be read. */
  private Optional<ArrayNode> recipients(ArrayNode causes) {
    List<ProductName> names = new ArrayList<>();
    causes.forEach(cause -> names.add(ProductName.of(cause.asText())));
    try {
      return Optional.of(LatenessRecipients.toJson(recipients().concerned(names)));
    } catch (MeshException e) {
      return Optional.empty(); // an unreachable consumer does not prevent the notice to others
    }
  }

  private LatenessRecipients recipients() {
    return new LatenessRecipients(
        session, session.catalog().requireProduct(table.product(), action()), table.major());
  }

  /** Who was notified of an episode that ended; empty if it is unknown. */
  static Optional<Map<String, LatenessRecipients.Recipient>> notified(
      ClientSession session, ProductName product, EventDetails.LatenessChange ended) {
    JsonNode last =
        session
            .ledger()
            .read(RegistryKeys.lateness(product, ended.major()))
            .<JsonNode>map(VersionedDocument::json)
            .orElse(MissingNode.getInstance());
    return Stream.of(last, last.path(PREVIOUS))
        .filter(episode -> episode.path(SINCE).asText().equals(ended.since().toString()))
        .filter(episode -> episode.has(NOTIFIED))
        .findFirst()
        .map(episode -> LatenessRecipients.fromJson(episode.path(NOTIFIED)));
  }

  private static boolean isRecent(JsonNode last, Instant now) {
    return last.has(BEGAN) && !time(last, BEGAN).plus(REPEATED_WITHIN).isBefore(now);
  }

  private CommitDraft<Boolean> escalate(
      DataAge age, VersionedDocument open, VersionedDocument pointer) {
    ObjectNode document = open.json().deepCopy();
    document.put(ESCALATED, true);
    if (document.path(NOTIFIED) instanceof ArrayNode notified) {
      notified.addAll(
          LatenessRecipients.toJson(recipients().ofDomain(LatenessRecipients.fromJson(notified))));
    }
    return draft(
            MeshEvent.Type.PRODUCT_LATENESS_ESCALATED.text(), time(open.json(), SINCE), pointer)
        .detail("freshWithin", age.limit().orElseThrow().toString())
        .detail(CAUSES, open.json().path(CAUSES))
        .replace(open, document)
        .result(true);
  }

  private CommitDraft<Boolean> end(VersionedDocument open, VersionedDocument pointer, Instant now) {
    ObjectNode document = open.json().deepCopy();
    document.put(ENDED, now.toString());
    CommitDraft<Boolean> draft =
        draft(MeshEvent.Type.PRODUCT_FRESH.text(), time(open.json(), SINCE), pointer)
            .detail(CAUSES, open.json().path(CAUSES))
            .replace(open, document)
            .result(true);
    return open.json().path(ESCALATED).asBoolean()
        ? draft.detail(ESCALATED, JsonNodeFactory.instance.booleanNode(true))
        : draft;
  }

  /** A publish at the same time changes the pointer, and the next attempt sees its rows. */
  private CommitDraft<Boolean> draft(String event, Instant since, VersionedDocument pointer) {
    return CommitDraft.<Boolean>of(event, session.principal(), table.product().toString())
        .detail("major", table.major())
        .detail("since", since.toString())
        .check(pointer);
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

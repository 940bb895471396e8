package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.session.MovedTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The episode in which a major version is late: it begins when its rows are older than its contract
 * promises, and ends when they are fresh; without a promise, or for a retired version, it rests.
 * The beginning and the end are one log entry each, from which the notices follow, so that each is
 * sent once. A document exists as long as the episode.
 */
public final class LatenessEpisode implements Ledger.Change<Boolean> {
  /** How far the inputs of a late product are followed. */
  private static final int MOST_STEPS = 16;

  private final ClientSession session;
  private final TableName table;

  private LatenessEpisode(ClientSession session, TableName table) {
    this.session = session;
    this.table = table;
  }

  /**
   * Returns whether the episode of a major version would begin or end now.
   *
   * @return true if it would begin, false if it would end; empty if nothing changes
   * @throws MeshException if the registry or the table cannot be read
   */
  public static Optional<Boolean> due(ClientSession session, TableName table) {
    LatenessEpisode episode = new LatenessEpisode(session, table);
    Optional<VersionEntry> version = episode.promising();
    if (version.isEmpty()) {
      return Optional.empty();
    }
    boolean known = session.ledger().holds(episode.key());
    boolean late =
        episode.age(version.get()).lateSince(session.runtime().clock().instant()).isPresent();
    return late == known ? Optional.empty() : Optional.of(late);
  }

  /**
   * Begins or ends the episode if that is due.
   *
   * @return true if it began or ended
   */
  public static boolean update(ClientSession session, TableName table, Deadline deadline) {
    return session.ledger().commit(new LatenessEpisode(session, table), deadline);
  }

  /** Ends the episode after a publish, if there is one. */
  public static void endIfFresh(ClientSession session, TableName table) {
    LatenessEpisode episode = new LatenessEpisode(session, table);
    if (session.ledger().holds(episode.key())) {
      session.ledger().commit(episode, session.deadline());
    }
  }

  private Key key() {
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
    Optional<VersionedDocument> known = session.ledger().read(key());
    Optional<VersionedDocument> pointer = session.ledger().read(table.key());
    Optional<VersionEntry> version = promising();
    Optional<DataAge> age = version.map(this::age);
    Optional<Instant> since = age.flatMap(each -> each.lateSince(attempt.clock()));
    if (version.isEmpty() || since.isPresent() == known.isPresent() || pointer.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    return since.isPresent()
        ? begin(version.orElseThrow(), age.orElseThrow(), since.get(), pointer.get())
        : end(known.orElseThrow(), pointer.get());
  }

  private CommitDraft<Boolean> begin(
      VersionEntry version, DataAge age, Instant since, VersionedDocument pointer) {
    ArrayNode causes = JsonNodeFactory.instance.arrayNode();
    causes(age, since).forEach(cause -> causes.add(cause.product().toString()));
    return draft(MeshEvent.PRODUCT_LATE, since, pointer)
        .detail("freshWithin", age.limit().orElseThrow().toString())
        .detail("causes", causes)
        .check(version.majorStored())
        .insert(key(), document(since, causes))
        .result(true);
  }

  private static ObjectNode document(Instant since, ArrayNode causes) {
    ObjectNode json = DocumentJson.create().put("since", since.toString());
    json.set("causes", causes);
    return json;
  }

  private CommitDraft<Boolean> end(VersionedDocument known, VersionedDocument pointer) {
    Instant since = Instant.parse(known.json().path("since").asText());
    return draft(MeshEvent.PRODUCT_FRESH, since, pointer)
        .detail("causes", known.json().path("causes"))
        .delete(known)
        .result(true);
  }

  /** A publish at the same time changes the pointer, and the next attempt sees its rows. */
  private CommitDraft<Boolean> draft(String event, Instant since, VersionedDocument pointer) {
    return CommitDraft.<Boolean>of(event, session.principal(), table.product().toString())
        .detail("major", table.major())
        .detail("since", since.toString())
        .check(pointer);
  }

  /** The contract of the major version, if consumers read it and it promises freshness. */
  private Optional<VersionEntry> promising() {
    return Optional.of(
            session.catalog().requireFor(Use.DESCRIBE, table.product(), table.major(), action()))
        .filter(version -> version.state().allows(Use.READ))
        .filter(version -> version.contract().freshWithin().isPresent());
  }

  private DataAge age(VersionEntry version) {
    return DataAge.of(session, table.product(), version, session.tables().load(table), action());
  }

  /**
   * The products that were late before this one, at the beginning of each chain of declared inputs.
   */
  private Set<MajorVersion> causes(DataAge age, Instant since) {
    Set<MajorVersion> origins = new LinkedHashSet<>();
    Map<MajorVersion, Boolean> judged = new HashMap<>();
    judged.put(new MajorVersion(table.product(), table.major()), false);
    follow(inputs(session, table.product(), table.major(), age), since, judged, origins);
    return origins;
  }

  /** Returns true if one of the inputs was late at a time. */
  private boolean follow(
      List<MajorVersion> inputs,
      Instant at,
      Map<MajorVersion, Boolean> judged,
      Set<MajorVersion> origins) {
    boolean anyLate = false;
    for (MajorVersion input : inputs) {
      Boolean known = judged.get(input);
      if (known == null && judged.size() <= MOST_STEPS) {
        judged.put(input, false); // products can be inputs of each other
        known = judge(input, at, judged, origins);
        judged.put(input, known);
      }
      anyLate |= Boolean.TRUE.equals(known);
    }
    return anyLate;
  }

  private boolean judge(
      MajorVersion input,
      Instant at,
      Map<MajorVersion, Boolean> judged,
      Set<MajorVersion> origins) {
    Optional<Instant> late = Optional.empty();
    boolean further = false;
    try {
      LatenessEpisode other =
          new LatenessEpisode(session, TableName.of(input.product(), input.major()));
      Optional<DataAge> age = other.promising().map(other::age);
      late = age.flatMap(each -> each.lateSince(at));
      if (late.isPresent()) {
        further =
            follow(
                inputs(session, input.product(), input.major(), age.orElseThrow()),
                late.get(),
                judged,
                origins);
      }
    } catch (MeshException e) {
      // A catalog that cannot be read now does not prevent the notice to the owner.
    }
    if (late.isPresent() && !further) {
      origins.add(input);
    }
    return late.isPresent();
  }

  /** The inputs that the last publish of rows declared. */
  private static List<MajorVersion> inputs(
      ClientSession session, ProductName product, int major, DataAge age) {
    return age.update()
        .flatMap(update -> update.keyHash())
        .flatMap(
            hash ->
                session
                    .ledger()
                    .read(new Key(RegistryKeys.partition(product), RegistryKeys.RECEIPTS + hash)))
        .map(stored -> MovedTables.inReceipt(stored.json(), major))
        .map(receipt -> inputs(receipt.path("derivedFrom")))
        .orElse(List.of());
  }

  private static List<MajorVersion> inputs(JsonNode declared) {
    List<MajorVersion> inputs = new ArrayList<>();
    for (JsonNode input : declared) {
      inputs.add(
          new MajorVersion(
              ProductName.of(input.path("product").asText()),
              ContractVersion.parse(input.path("contractVersion").asText()).major()));
    }
    return inputs;
  }
}

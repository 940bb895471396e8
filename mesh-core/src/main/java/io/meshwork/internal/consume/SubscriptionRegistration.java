package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.rights.AccessPolicy.ReadDecision;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.AmendmentLock;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Registers or amends a subscription.
 *
 * @param <T> the type of a row
 */
final class SubscriptionRegistration<T> implements Subscribe<T> {
  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private final RowType<T> type;
  private final SubscriptionOptions options;

  private SubscriptionRegistration(
      ClientSession session,
      OpenOperation open,
      ProductName product,
      RowType<T> type,
      SubscriptionOptions options) {
    this.session = session;
    this.open = open;
    this.product = product;
    this.type = type;
    this.options = options;
  }

  static Subscribe<GenericRecord> of(ClientSession session, @Nullable CharSequence product) {
    ResolvedProduct target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.SUBSCRIBE));
    return new SubscriptionRegistration<>(
        session,
        session.operation(MeshAction.of(Verb.SUBSCRIBE, target.product())).begin(),
        target.product(),
        RowType.avro(),
        new SubscriptionOptions(target.major().orElse(null)));
  }

  @Override
  public Subscribe<T> named(String text) {
    options.name = NameGrammar.check("subscription", text);
    return this;
  }

  @Override
  public Subscribe<T> purpose(String text) {
    options.purpose = ArgumentChecks.text("purpose", text);
    return this;
  }

  @Override
  public Subscribe<T> contact(String address) {
    options.contact = ArgumentChecks.text("contact", address);
    return this;
  }

  @Override
  public Subscribe<T> columns(String... names) {
    List<String> wanted = ArgumentChecks.all("columns", names);
    ColumnPaths.check(wanted);
    options.columns = wanted;
    return this;
  }

  @Override
  public Subscribe<T> where(String text) {
    options.filter = ArgumentChecks.required("where", text);
    return this;
  }

  @Override
  public Subscribe<T> majorVersion(int number) {
    options.major = number;
    return this;
  }

  @Override
  public Subscribe<T> atMost(long rows) {
    if (rows < 1) {
      throw ArgumentChecks.refused("atMost", "is " + rows, "Give 1 row or more.");
    }
    options.atMost = rows;
    return this;
  }

  @Override
  public Subscribe<T> fromStart() {
    return from(StartPosition.beginning());
  }

  @Override
  public Subscribe<T> fromNow() {
    return from(StartPosition.newest());
  }

  @Override
  public Subscribe<T> fromSnapshot(String id) {
    return from(StartPosition.snapshot(ArgumentChecks.text("fromSnapshot", id)));
  }

  @Override
  public Subscribe<T> fromTime(Instant time) {
    return from(StartPosition.time(ArgumentChecks.required("fromTime", time)));
  }

  private Subscribe<T> from(StartPosition place) {
    if (options.start != null) {
      throw ArgumentChecks.refused(
          "start",
          "was said twice",
          "Say one of fromStart(), fromNow(), fromSnapshot(..), fromTime(..).");
    }
    options.start = place;
    return this;
  }

  @Override
  public <R> Subscribe<R> as(Class<R> recordType) {
    return with(RowType.record(recordType));
  }

  @Override
  public Subscribe<GenericRecord> as(Schema readerSchema) {
    return with(RowType.avro(readerSchema));
  }

  @Override
  public Subscribe<Map<String, Object>> asMaps() {
    return with(RowType.maps());
  }

  @Override
  public Subscription<T> commit() {
    open.settle();
    session.checkOpen(action());
    String domain = session.authorizer().requireOwnDomain(action()).domain();
    String name = options.name;
    if (name == null) {
      throw missing(
          options.purpose == null ? List.of("named(..)", "purpose(..)") : List.of("named(..)"));
    }
    return session.ledger().commit(new Registration(domain, name), session.deadline());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.SUBSCRIBE, product);
  }

  private InvalidRequestException missing(List<String> gaps) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + action()
            + ": "
            + String.join(" and ", gaps)
            + (gaps.size() == 1 ? " was not said. Say it" : " were not said. Say them")
            + " before commit(); a subscription has a name and a purpose.",
        gaps.stream()
            .map(gap -> Finding.error("MISSING", gap, "It was not said.", "Say " + gap + "."))
            .toList());
  }

  private <R> Subscribe<R> with(RowType<R> rowType) {
    return new SubscriptionRegistration<>(session, open, product, rowType, options);
  }

  private final class Registration implements Ledger.Change<Subscription<T>> {
    private final String domain;
    private final String named;

    Registration(String domain, String named) {
      this.domain = domain;
      this.named = named;
    }

    @Override
    public MeshAction action() {
      return SubscriptionRegistration.this.action();
    }

    @Override
    public String partition() {
      return session.catalog().consumerPartition(domain, product.domain());
    }

    @Override
    public CommitDraft<Subscription<T>> draft(Ledger.Attempt attempt) {
      ProductEntry entry = session.catalog().requireProduct(product, action());
      AccountEntry account = session.authorizer().requireOwnDomain(action());
      if (!account.domain().equals(domain)) {
        throw new ConflictException(
            ErrorCode.CONFLICT,
            "Cannot " + action() + ": the account was given to another domain. Nothing was done.");
      }
      Optional<VersionedDocument> existing =
          session.ledger().read(RegistryKeys.subscription(partition(), product, named));
      Optional<VersionedDocument> ended =
          session.ledger().read(RegistryKeys.endedSubscription(partition(), product, named));
      ObjectNode before = existing.map(VersionedDocument::json).orElseGet(() -> anew(ended));
      checkSameName(before);
      int first = options.linkedMajor != null ? options.linkedMajor : entry.currentMajor();
      int wantedMajor = options.major != null ? options.major : before.path("major").asInt(first);
      VersionEntry version = session.catalog().requireVersion(product, wantedMajor, action());
      ReadDecision decision = session.authorizer().authorizeRead(entry, version, action());
      org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(version.contract().schema());
      BoundDataPermission.Asker asker =
          new BoundDataPermission.Asker(
              session, action(), product.toString(), session.catalog().ownerOf(entry, action()));
      BoundDataPermission seen =
          BoundDataPermission.of(
              decision.permission().orElseThrow(), asker, table, version.contract().schema());
      ObjectNode wanted = wanted(before.deepCopy(), wantedMajor, table, seen);
      check(seen, wanted);
      RegisteredSubscription<T> subscription = subscription(wanted);
      // As texts, since a number that was read need not equal the same that was put.
      if (existing.isPresent()
          && DocumentJson.write(existing.get().json()).equals(DocumentJson.write(wanted))) {
        return CommitDraft.unchanged(subscription);
      }
      // Whose rights decide what the contact is told.
      wanted.put("by", session.principal().toString());
      CommitDraft<Subscription<T>> draft =
          CommitDraft.of(
              existing.isPresent() ? "subscription.amended" : "subscription.registered",
              session.principal(),
              product.toString());
      draft.check(entry.stored()).check(version.majorStored()).check(account.stored());
      decision.basis().forEach(draft::check);
      AmendmentLock.requireUnlocked(session, product, wantedMajor, draft, attempt.now(), action());
      draft.detail("subscription", domain + "/" + named).detail("major", wantedMajor);
      if (existing.isPresent()) {
        draft.replace(existing.get(), wanted);
      } else {
        draft.insert(RegistryKeys.subscription(partition(), product, named), wanted);
        ended.ifPresentOrElse(
            draft::check,
            () -> draft.checkAbsent(RegistryKeys.endedSubscription(partition(), product, named)));
        begin(draft, subscription, attempt);
      }
      return draft.result(subscription);
    }

    /** A new subscription: what was ended under its name has nothing to do with it. */
    private ObjectNode anew(Optional<VersionedDocument> ended) {
      ObjectNode json = DocumentJson.create();
      ended.ifPresent(
          last ->
              json.put(
                  LiveSubscription.GENERATION,
                  last.json().path(LiveSubscription.GENERATION).asLong()));
      return json;
    }

    /** An earlier version of the SDK may have left a position without a subscription. */
    private void begin(
        CommitDraft<?> draft, RegisteredSubscription<T> subscription, Ledger.Attempt attempt) {
      SubscriptionPoll polling = subscription.polling();
      Optional<VersionedDocument> left = session.ledger().read(polling.key());
      if (options.start == null) {
        left.ifPresent(draft::delete);
        return;
      }
      ProductRead.Version version = subscription.readAt().majorVersion(action());
      ObjectNode first = polling.first(options.start.on(version, action()), attempt.now());
      left.ifPresentOrElse(
          stored -> draft.replace(stored, first), () -> draft.insert(polling.key(), first));
    }

    private void checkSameName(ObjectNode before) {
      String taken = before.path("name").asText(named);
      if (!taken.equals(named)) {
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot "
                + action()
                + " as '"
                + named
                + "': the subscription '"
                + taken
                + "' has the same storage name. Use that one, or choose another name.");
      }
    }

    private ObjectNode wanted(
        ObjectNode json,
        int wantedMajor,
        org.apache.iceberg.Schema table,
        BoundDataPermission seen) {
      if (options.purpose == null && !json.has("purpose")) {
        throw missing(List.of("purpose(..)"));
      }
      json.put("name", named);
      json.put("product", product.toString());
      json.put("domain", domain);
      json.put("major", wantedMajor);
      if (options.purpose != null) {
        json.put("purpose", options.purpose);
      }
      if (options.contact != null) {
        json.put("contact", options.contact);
      } else if (!json.has("contact")) {
        DomainEntry consumer = session.catalog().requireDomain(domain, action());
        json.put("contact", consumer.domain().owner());
      }
      if (options.atMost != null) {
        json.put(SubscriptionTerms.AT_MOST, options.atMost);
      }
      Optional<List<String>> chosen =
          options.columns != null ? Optional.of(options.columns) : type.columns(table);
      if (chosen.isPresent()) {
        ArrayNode names = json.putArray("columns");
        chosen.get().forEach(names::add);
      }
      String text =
          options.filter != null
              ? options.filter
              : json.path(SubscriptionTerms.FILTER).asText(null);
      if (text != null) {
        json.put(SubscriptionTerms.FILTER, seen.filter(text).text());
      }
      return json;
    }

    /** Refuses now what every poll would refuse. */
    private void check(BoundDataPermission seen, ObjectNode wanted) {
      List<String> paths = SubscriptionTerms.columns(wanted);
      type.materializer(seen.project(seen.requestedColumns(paths, type)), seen.contract());
    }

    private RegisteredSubscription<T> subscription(ObjectNode json) {
      long generation = json.path(LiveSubscription.GENERATION).asLong();
      return new RegisteredSubscription<>(
          new LiveSubscription(session, domain, named, product, generation),
          SubscriptionTerms.of(json),
          type);
    }
  }
}

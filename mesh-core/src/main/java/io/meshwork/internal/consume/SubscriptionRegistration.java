package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
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
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.rights.AccessPolicy.ReadDecision;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.AmendmentLock;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
  public Subscribe<T> name(String text) {
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
    List<String> paths = ArgumentChecks.all("columns", names);
    ColumnPaths.check(paths);
    options.columns = paths;
    return this;
  }

  @Override
  public Subscribe<T> where(String text) {
    options.filter = ArgumentChecks.filter("where", text);
    return this;
  }

  @Override
  public Subscribe<T> majorVersion(int version) {
    options.major = ArgumentChecks.majorVersion(version);
    return checkedMajor();
  }

  @Override
  public Subscribe<T> currentMajorVersion() {
    options.latest = true;
    return checkedMajor();
  }

  @Override
  public Subscribe<T> followRollouts() {
    options.following = true;
    return checkedMajor();
  }

  @Override
  public Subscribe<T> despiteRollout() {
    options.despiteRollout = true;
    return this;
  }

  @Override
  public Subscribe<T> because(String text) {
    options.because = ArgumentChecks.text("because", text);
    return this;
  }

  private Subscribe<T> checkedMajor() {
    boolean named = options.major != null;
    if ((options.latest && named) || (options.following && (named || options.latest))) {
      throw ArgumentChecks.refused(
          named ? "majorVersion" : "currentMajorVersion",
          "was set together with "
              + (options.following ? "followRollouts()" : "currentMajorVersion()"),
          "Call majorVersion(..) to name a version, currentMajorVersion() for the current one, or followRollouts()"
              + " to move with it.");
    }
    return this;
  }

  /**
   * Returns the change that moves a subscription to the current major version, which it follows.
   */
  static <R> Subscribe<R> following(
      LiveSubscription live, RowType<R> type, SubscriptionTerms terms, int major) {
    SubscriptionOptions options = new SubscriptionOptions(null);
    options.name = live.name();
    options.followTo = major;
    options.columns = terms.columns().isEmpty() ? null : terms.columns();
    ClientSession session = live.session();
    return new SubscriptionRegistration<>(
        session,
        session.operation(MeshAction.of(Verb.SUBSCRIBE, live.product())).begin(),
        live.product(),
        type,
        options);
  }

  @Override
  public Subscribe<T> limit(long rows) {
    if (rows < 1) {
      throw ArgumentChecks.refused("limit", "is " + rows, "Use at least 1.");
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

  private Subscribe<T> from(StartPosition start) {
    if (options.start != null) {
      throw ArgumentChecks.refused(
          "start",
          "was set twice",
          "Call one of fromStart(), fromNow(), fromSnapshot(..), or fromTime(..).");
    }
    options.start = start;
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
          options.purpose == null ? List.of("name(..)", "purpose(..)") : List.of("name(..)"));
    }
    if (options.despiteRollout && options.because == null) {
      throw missing(List.of("because(..)"));
    }
    return session.ledger().commit(new Registration(domain, name), session.deadline());
  }

  @Override
  public SubscriptionPlan plan() {
    open.settle();
    MeshAction action = MeshAction.of(Verb.TRY_OUT, "another major version of " + product);
    session.checkOpen(action);
    return TrialTerms.of(session, product, options, action).trial(type).run();
  }

  private MeshAction action() {
    return MeshAction.of(Verb.SUBSCRIBE, product);
  }

  private InvalidRequestException missing(List<String> calls) {
    return Failure.of(action())
        .because(ArgumentChecks.missing(calls))
        .fix(
            "Call "
                + (calls.size() == 1 ? "it" : "them")
                + " before commit(): a subscription needs a name and a purpose, and with"
                + " despiteRollout() a reason.")
        .findings(
            calls.stream()
                .map(
                    call ->
                        Finding.error(
                            FindingCode.ARGUMENT_MISSING,
                            call,
                            "It is missing.",
                            "Call " + call + "."))
                .toList())
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private <R> Subscribe<R> with(RowType<R> rowType) {
    return new SubscriptionRegistration<>(session, open, product, rowType, options);
  }

  private final class Registration implements Ledger.Change<Subscription<T>> {
    private final String domain;
    private final String name;

    Registration(String domain, String name) {
      this.domain = domain;
      this.name = name;
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
        throw Failure.of(action())
            .because("the account was moved to another domain")
            .fix("Commit again.")
            .conflict(ErrorCode.CONFLICT);
      }
      Optional<VersionedDocument> existing =
          session.ledger().read(RegistryKeys.subscription(partition(), product, name));
      Optional<VersionedDocument> ended =
          session.ledger().read(RegistryKeys.endedSubscription(partition(), product, name));
      ObjectNode before = existing.map(VersionedDocument::json).orElseGet(() -> newDocument(ended));
      requireSameName(before);
      int major = options.chooseMajor(before, entry.currentMajor());
      MajorMove move = MajorMove.of(before, major);
      VersionEntry version =
          session
              .catalog()
              .requireFor(move.use(options.reasonDespiteRollout()), entry, major, action());
      ReadDecision decision = session.authorizer().authorizeRead(entry, version, action());
      org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(version.contract().schema());
      BoundDataPermission.Requester requester =
          new BoundDataPermission.Requester(session, action(), entry, version);
      BoundDataPermission permission =
          BoundDataPermission.of(
              decision.permission().orElseThrow(), requester, table, version.contract().schema());
      if (move.isMove()) {
        MovedColumns.of(session, product, move.from(), version, action())
            .requireAll(before, options, type.columns(table).isPresent());
      }
      ObjectNode document = updated(before.deepCopy(), major, table, permission);
      if (move.isMove()
          || existing.isEmpty()
          || !document.path("purpose").equals(before.path("purpose"))) {
        // A consumer whose purpose was allowed goes on until it changes its subscription.
        requireAllowedPurpose(document.path("purpose").asText(), version);
      }
      move.writeTo(document);
      Optional<String> despite = move.despiteRollout(version, options.reasonDespiteRollout());
      despite.ifPresent(reason -> document.put(SubscriberList.DESPITE_ROLLOUT, reason));
      requireReadable(permission, document);
      RegisteredSubscription<T> subscription = subscription(document);
      // Compared as text: a parsed number node need not equal the same number that was put.
      if (existing.isPresent()
          && DocumentJson.write(existing.get().json()).equals(DocumentJson.write(document))) {
        return CommitDraft.unchanged(subscription);
      }
      if (existing.isEmpty()) {
        document.put(SubscriberList.REGISTERED_AT, attempt.now().toString());
      }
      // The rights of this principal decide what notices to the contact contain.
      document.put("by", session.principal().toString());
      CommitDraft<Subscription<T>> draft =
          CommitDraft.of(
              existing.isPresent() ? "subscription.amended" : "subscription.registered",
              session.principal(),
              product.toString());
      draft.check(entry.stored()).check(version.majorStored()).check(account.stored());
      decision.basis().forEach(draft::check);
      AmendmentLock.requireUnlocked(session, product, major, draft, attempt.now(), action());
      draft.detail("subscription", domain + "/" + name).detail("major", major);
      despite.ifPresent(reason -> draft.detail("because", reason));
      if (existing.isPresent()) {
        draft.replace(existing.get(), document);
        if (move.isMove()) {
          boolean continues =
              subscription.subscriptionPoll().carryOver(draft, subscription.read(), attempt);
          draft.detail("fromMajor", move.from());
          draft.detail("continues", JsonNodeFactory.instance.booleanNode(continues));
        }
      } else {
        draft.insert(RegistryKeys.subscription(partition(), product, name), document);
        ended.ifPresentOrElse(
            draft::check,
            () -> draft.checkAbsent(RegistryKeys.endedSubscription(partition(), product, name)));
        writePosition(draft, subscription, attempt);
      }
      return draft.result(subscription);
    }

    /** Returns the document of a new subscription, which keeps only the generation of its name. */
    private ObjectNode newDocument(Optional<VersionedDocument> ended) {
      ObjectNode json = DocumentJson.create();
      ended.ifPresent(
          last ->
              json.put(
                  LiveSubscription.GENERATION,
                  last.json().path(LiveSubscription.GENERATION).asLong()));
      return json;
    }

    /**
     * Replaces a position without a subscription, which an earlier version of the SDK may leave.
     */
    private void writePosition(
        CommitDraft<?> draft, RegisteredSubscription<T> subscription, Ledger.Attempt attempt) {
      SubscriptionPoll poll = subscription.subscriptionPoll();
      Optional<VersionedDocument> stray = session.ledger().read(poll.key());
      if (options.start == null) {
        stray.ifPresent(draft::delete);
        return;
      }
      ProductRead.Version version = subscription.read().majorVersion(action());
      ObjectNode position =
          poll.firstPosition(options.start.resolve(version, action()), attempt.now());
      stray.ifPresentOrElse(
          stored -> draft.replace(stored, position), () -> draft.insert(poll.key(), position));
    }

    /** A contract may allow some purposes only. */
    private void requireAllowedPurpose(String purpose, VersionEntry version) {
      if (!version.contract().allowsPurpose(purpose)) {
        throw Failure.of(action().on("as '" + name + "'"))
            .because(
                "the contract "
                    + version.version()
                    + " does not allow the purpose '"
                    + NameGrammar.quoted(purpose)
                    + "'")
            .fix(
                "State one of its purposes with purpose(..): "
                    + String.join(", ", version.contract().purposes())
                    + "; or ask the owner to allow yours.")
            .invalidRequest(ErrorCode.PURPOSE_NOT_ALLOWED);
      }
    }

    private void requireSameName(ObjectNode before) {
      String existing = before.path("name").asText(name);
      if (!existing.equals(name)) {
        throw Failure.of(action().on("as '" + name + "'"))
            .because("the subscription '" + existing + "' has the same storage name")
            .fix("Use that subscription, or choose another name.")
            .alreadyExists(ErrorCode.ALREADY_EXISTS);
      }
    }

    private ObjectNode updated(
        ObjectNode json,
        int major,
        org.apache.iceberg.Schema table,
        BoundDataPermission permission) {
      if (options.purpose == null && !json.has("purpose")) {
        throw missing(List.of("purpose(..)"));
      }
      json.put("name", name);
      json.put("product", product.toString());
      json.put("domain", domain);
      options
          .chooseMode(json)
          .ifPresent(
              mode -> json.put(SubscriberList.MAJOR_MODE, mode.name().toLowerCase(Locale.ROOT)));
      json.put("major", major);
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
      Optional<List<String>> columns =
          options.columns != null ? Optional.of(options.columns) : type.columns(table);
      if (columns.isPresent()) {
        ArrayNode names = json.putArray("columns");
        columns.get().forEach(names::add);
      }
      String filter =
          options.filter != null
              ? options.filter
              : json.path(SubscriptionTerms.FILTER).asText(null);
      if (filter != null) {
        json.put(
            SubscriptionTerms.FILTER, permission.parseFilter(new GivenFilter(filter, true)).text());
      }
      return json;
    }

    /** Rejects columns and row types that every poll would reject. */
    private void requireReadable(BoundDataPermission permission, ObjectNode document) {
      List<String> paths = SubscriptionTerms.columns(document);
      type.materializer(
          permission.project(permission.requestedColumns(paths, type)), permission.contract());
    }

    private RegisteredSubscription<T> subscription(ObjectNode json) {
      long generation = json.path(LiveSubscription.GENERATION).asLong();
      return new RegisteredSubscription<>(
          new LiveSubscription(session, domain, name, product, generation),
          SubscriptionTerms.of(json),
          type);
    }
  }
}

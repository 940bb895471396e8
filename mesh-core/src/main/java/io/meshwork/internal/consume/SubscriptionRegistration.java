package io.meshwork.internal.consume;

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
import io.meshwork.internal.catalog.EndedSubscription;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
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
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
  public Subscribe<T> allowDeprecated() {
    options.allowDeprecated = true;
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
    if (options.allowDeprecated && options.because == null) {
      throw missing(List.of("because(..)"));
    }
    return session.ledger().commit(new Registration(domain, name), session.deadline());
  }

  @Override
  public SubscriptionPlan plan() {
    open.settle();
    MeshAction action = MeshAction.of(Verb.TRY_OUT, "another major version of " + product);
    session.checkOpen(action);
    return ComparisonTerms.of(session, product, options, action).comparison(type).run();
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
                + " allowDeprecated() a reason.")
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
      Optional<SubscriptionEntry> before = existing.map(SubscriptionEntry::of);
      before.ifPresent(this::requireSameName);
      Optional<SubscriptionTerms> termsBefore = before.map(SubscriptionEntry::terms);
      int major = options.chooseMajor(termsBefore, entry.currentMajor());
      MajorVersionChange move = MajorVersionChange.of(termsBefore, major);
      VersionEntry version =
          session
              .catalog()
              .requireFor(
                  options.followTo == null ? move.use(options.reasonForDeprecated()) : Use.FOLLOW,
                  entry,
                  major,
                  action());
      ReadDecision decision = session.authorizer().authorizeRead(entry, version, action());
      org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(version.contract().schema());
      BoundDataPermission.Requester requester =
          new BoundDataPermission.Requester(session, action(), entry, version);
      BoundDataPermission permission =
          BoundDataPermission.of(
              decision.permission().orElseThrow(), requester, table, version.contract().schema());
      if (move.isMove()) {
        MovedColumns.of(session, product, move.from(), version, action())
            .requireAll(termsBefore.orElseThrow(), options, type.columns(table).isPresent());
      }
      Optional<String> deprecatedBecause =
          move.deprecatedBecause(version, options.reasonForDeprecated());
      SubscriptionTerms terms = terms(termsBefore, move, deprecatedBecause, table, permission);
      if (move.isMove()
          || termsBefore.filter(same -> same.purpose().equals(terms.purpose())).isEmpty()) {
        // A consumer whose purpose was allowed goes on until it changes its subscription.
        requireAllowedPurpose(terms.purpose(), version);
      }
      requireReadable(permission, terms);
      long generation =
          before
              .map(SubscriptionEntry::generation)
              .or(() -> ended.map(last -> EndedSubscription.of(last).generation()))
              .orElse(0L);
      RegisteredSubscription<T> subscription =
          new RegisteredSubscription<>(
              new LiveSubscription(session, domain, name, product, generation), terms, type);
      if (termsBefore.equals(Optional.of(terms))) {
        return CommitDraft.unchanged(subscription);
      }
      ObjectNode document =
          new SubscriptionEntry(
                  generation,
                  name,
                  product,
                  domain,
                  terms,
                  before.map(SubscriptionEntry::registeredAt).orElse(attempt.now()),
                  session.principal())
              .toDocument(existing);
      CommitDraft<Subscription<T>> draft =
          CommitDraft.of(
              existing.isPresent() ? "subscription.amended" : "subscription.registered",
              session.principal(),
              product.toString());
      draft.check(entry.stored()).check(version.majorStored()).check(account.stored());
      decision.basis().forEach(draft::check);
      AmendmentLock.requireUnlocked(session, product, major, draft, attempt.now(), action());
      Optional<Boolean> continues = Optional.empty();
      if (existing.isPresent()) {
        draft.replace(existing.get(), document);
        if (move.isMove()) {
          continues =
              Optional.of(
                  subscription.subscriptionPoll().carryOver(draft, subscription.read(), attempt));
        }
      } else {
        draft.insert(RegistryKeys.subscription(partition(), product, name), document);
        ended.ifPresentOrElse(
            draft::check,
            () -> draft.checkAbsent(RegistryKeys.endedSubscription(partition(), product, name)));
        if (options.start != null) {
          SubscriptionPoll poll = subscription.subscriptionPoll();
          ProductRead.Version read = subscription.read().majorVersion(action());
          draft.insert(
              poll.key(), poll.firstPosition(options.start.resolve(read, action()), attempt.now()));
        }
      }
      return draft
          .details(
              new EventDetails.LoggedSubscription(
                  domain + "/" + name,
                  major,
                  deprecatedBecause,
                  continues.isPresent() ? OptionalInt.of(move.from()) : OptionalInt.empty(),
                  continues))
          .result(subscription);
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

    private void requireSameName(SubscriptionEntry before) {
      if (!before.name().equals(name)) {
        throw Failure.of(action().on("as '" + name + "'"))
            .because("the subscription '" + before.name() + "' has the same storage name")
            .fix("Use that subscription, or choose another name.")
            .alreadyExists(ErrorCode.ALREADY_EXISTS);
      }
    }

    private SubscriptionTerms terms(
        Optional<SubscriptionTerms> before,
        MajorVersionChange move,
        Optional<String> deprecatedBecause,
        org.apache.iceberg.Schema table,
        BoundDataPermission permission) {
      Optional<List<String>> columns =
          Optional.ofNullable(options.columns).or(() -> type.columns(table));
      Optional<String> filter =
          Optional.ofNullable(options.filter).or(() -> before.flatMap(SubscriptionTerms::where));
      return new SubscriptionTerms(
          SubscriptionTerms.stored(options.chooseMode(before)),
          move.to(),
          Optional.ofNullable(options.purpose)
              .or(() -> before.map(SubscriptionTerms::purpose))
              .orElseThrow(() -> missing(List.of("purpose(..)"))),
          Optional.ofNullable(options.contact)
              .or(() -> before.map(SubscriptionTerms::contact))
              .orElseGet(() -> session.catalog().requireDomain(domain, action()).domain().owner()),
          options.atMost != null
              ? OptionalLong.of(options.atMost)
              : before.map(SubscriptionTerms::atMost).orElseGet(OptionalLong::empty),
          columns.or(() -> before.map(SubscriptionTerms::columns)).orElse(List.of()),
          filter.map(text -> permission.parseFilter(new GivenFilter(text, true)).text()),
          move.readAfterwards(),
          // The reason to read a major version is not one to read the next.
          deprecatedBecause.or(
              () ->
                  before
                      .filter(same -> !move.isMove())
                      .flatMap(SubscriptionTerms::deprecatedBecause)));
    }

    /** Rejects columns and row types that every poll would reject. */
    private void requireReadable(BoundDataPermission permission, SubscriptionTerms terms) {
      type.materializer(
          permission.project(permission.requestedColumns(terms.columns(), type)),
          permission.contract());
    }
  }
}

package io.meshwork.consume;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.Leave;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.AmendingMark;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Operation;
import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Registers a consumer: a durable relation with a purpose and a contact. Said again under the same
 * name it gives the same subscription; what is said differently is amended, what is not said stays.
 * One thread.
 *
 * @param <T> what a row is given as
 */
public final class Subscribe<T> implements Operation<Subscription<T>> {
  private static final String FILTER = "where";
  private static final String AT_MOST = "atMost";
  private static final long ROWS_OF_A_BATCH = 1_000_000;

  private final Session session;
  private final ProductName product;
  private final RowType<T> type;
  private @Nullable String name;
  private @Nullable String purpose;
  private @Nullable String contact;
  private @Nullable List<String> columns;
  private @Nullable String filter;
  private @Nullable Integer major;
  private @Nullable Integer linkedMajor;
  private @Nullable Long atMost;
  private @Nullable StartAt start;

  private Subscribe(Session session, ProductName product, RowType<T> type) {
    this.session = session;
    this.product = product;
    this.type = type;
  }

  /** Called by {@code MeshClient.subscribe}. */
  public static Subscribe<GenericRecord> of(Session session, @Nullable CharSequence product) {
    Target target = Target.consumed(session, product, "subscribe to");
    Subscribe<GenericRecord> subscribe = new Subscribe<>(session, target.product(), RowType.avro());
    subscribe.linkedMajor = target.major().orElse(null);
    return subscribe;
  }

  /** Its name, unique for the product in the consumer's domain. Required. */
  public Subscribe<T> named(String text) {
    name = Names.check("subscription", text);
    return this;
  }

  /** Why it is read. Required the first time. */
  public Subscribe<T> forPurpose(String text) {
    purpose = Arguments.text("forPurpose", text);
    return this;
  }

  /** Whom notices reach. Default: the consuming domain's owner. */
  public Subscribe<T> contact(String address) {
    contact = Arguments.text("contact", address);
    return this;
  }

  /** Only these columns, as in {@link Read#columns}. Default: those of {@code as(..)}, or all. */
  public Subscribe<T> columns(String... names) {
    List<String> wanted = Arguments.all("columns", names);
    ColumnPaths.check(wanted);
    columns = wanted;
    return this;
  }

  /**
   * Only the rows for which the filter is true, as in {@link Read#where}. Checked against the
   * contract by {@link #commit()}. Default: what the subscription says already, or all rows.
   */
  public Subscribe<T> where(String text) {
    filter = Arguments.given("where", text);
    return this;
  }

  /**
   * Reads this major version. Default: at the first commit that of the link that was named, or the
   * current one; for good.
   */
  public Subscribe<T> version(int number) {
    major = number;
    return this;
  }

  /**
   * How many added rows one batch of {@link Subscription#poll()} joins at most; a snapshot is never
   * split. Default: what the subscription says already, or 1,000,000.
   *
   * @param rows at least 1
   */
  public Subscribe<T> atMost(long rows) {
    if (rows < 1) {
      throw Arguments.refused("atMost", "is " + rows, "Give 1 row or more.");
    }
    atMost = rows;
    return this;
  }

  /**
   * The first poll begins with all there is; this is the default. Where polling begins is heard the
   * first time only: later on the subscription's position stands, and {@link Subscription#seek()}
   * moves it.
   */
  public Subscribe<T> fromStart() {
    return from(StartAt.beginning());
  }

  /** The first poll begins with what comes after now; heard the first time only. */
  public Subscribe<T> fromNow() {
    return from(StartAt.newest());
  }

  /** The first poll begins with what came after this snapshot; heard the first time only. */
  public Subscribe<T> fromSnapshot(String id) {
    return from(StartAt.snapshot(Arguments.text("fromSnapshot", id)));
  }

  /**
   * The first poll begins with what came after the newest snapshot that was committed at this time
   * or before; heard the first time only.
   */
  public Subscribe<T> fromTime(Instant time) {
    return from(StartAt.time(Arguments.given("fromTime", time)));
  }

  private Subscribe<T> from(StartAt place) {
    if (start != null) {
      throw Arguments.refused(
          "start",
          "was said twice",
          "Say one of fromStart(), fromNow(), fromSnapshot(..), fromTime(..).");
    }
    start = place;
    return this;
  }

  /** Rows as Java records, matched by name or {@code @Column}. */
  public <R> Subscribe<R> as(Class<R> recordType) {
    return with(RowType.record(recordType));
  }

  /** Rows as Avro records of the reader's own schema, whose fields are columns by name. */
  public Subscribe<GenericRecord> as(Schema readerSchema) {
    return with(RowType.avro(readerSchema));
  }

  /** Rows as maps from column to value. */
  public Subscribe<Map<String, Object>> asMaps() {
    return with(RowType.maps());
  }

  /**
   * Registers or amends it.
   *
   * @throws InvalidRequestException if name or purpose is missing, a column is not in the contract,
   *     the row type does not fit the columns, the filter breaks its language, or the account acts
   *     for no domain; all gaps at once
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read the product, or not
   *     a column that it names
   * @throws io.meshwork.error.NotFoundException if there is no such product, major or snapshot
   */
  @Override
  public Subscription<T> commit() {
    session.checkOpen(doing());
    String domain = session.admission().ownDomain(doing()).domain();
    if (name == null) {
      throw missing(
          purpose == null ? List.of("named(..)", "forPurpose(..)") : List.of("named(..)"));
    }
    return session.ledger().commit(new Registration(domain, name), session.deadline());
  }

  private String doing() {
    return "subscribe to " + product;
  }

  private InvalidRequestException missing(List<String> gaps) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + doing()
            + ": "
            + String.join(" and ", gaps)
            + (gaps.size() == 1 ? " was not said. Say it" : " were not said. Say them")
            + " before commit(); a subscription has a name and a purpose.",
        gaps.stream()
            .map(gap -> Finding.error("MISSING", gap, "It was not said.", "Say " + gap + "."))
            .toList());
  }

  private <R> Subscribe<R> with(RowType<R> rowType) {
    Subscribe<R> subscribe = new Subscribe<>(session, product, rowType);
    subscribe.name = name;
    subscribe.purpose = purpose;
    subscribe.contact = contact;
    subscribe.columns = columns;
    subscribe.filter = filter;
    subscribe.major = major;
    subscribe.linkedMajor = linkedMajor;
    subscribe.atMost = atMost;
    subscribe.start = start;
    return subscribe;
  }

  private final class Registration implements Ledger.Change<Subscription<T>> {
    private final String domain;
    private final String named;

    Registration(String domain, String named) {
      this.domain = domain;
      this.named = named;
    }

    @Override
    public String doing() {
      return Subscribe.this.doing();
    }

    @Override
    public String partition() {
      return session.catalog().consumerPartition(domain, product.domain());
    }

    @Override
    public Draft<Subscription<T>> draft(Ledger.Attempt attempt) {
      ProductEntry entry = session.catalog().requireProduct(product, doing());
      AccountEntry account = session.admission().ownDomain(doing());
      if (!account.domain().equals(domain)) {
        throw new ConflictException(
            ErrorCode.CONFLICT,
            "Cannot " + doing() + ": the account was given to another domain. Nothing was done.");
      }
      Optional<Stored> existing =
          session.ledger().read(Keys.subscription(partition(), product, named));
      ObjectNode before = existing.map(Stored::json).orElseGet(Documents::create);
      checkSameName(before);
      int first = linkedMajor != null ? linkedMajor : entry.currentMajor();
      int wantedMajor = major != null ? major : before.path("major").asInt(first);
      VersionEntry version = session.catalog().requireVersion(product, wantedMajor, doing());
      Leave leave = session.admission().leave(entry, version, doing());
      org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(version.contract().schema());
      Seen.Asker asker =
          new Seen.Asker(
              session, doing(), product.toString(), session.catalog().ownerOf(entry, doing()));
      Seen seen = Seen.of(leave.sight(), asker, table, version.contract().schema());
      ObjectNode wanted = wanted(before.deepCopy(), wantedMajor, table, seen);
      check(seen, wanted);
      Subscription<T> subscription = subscription(wanted);
      // As texts, since a number that was read need not equal the same that was put.
      if (existing.isPresent()
          && Documents.write(existing.get().json()).equals(Documents.write(wanted))) {
        return Draft.settled(subscription);
      }
      // Whose rights decide what the contact is told.
      wanted.put("by", session.principal().toString());
      Draft<Subscription<T>> draft =
          Draft.of(
              existing.isPresent() ? "subscription.amended" : "subscription.registered",
              session.principal(),
              product.toString());
      draft.check(entry.stored()).check(version.majorStored()).check(account.stored());
      leave.basis().forEach(draft::check);
      AmendingMark.keepAway(session, product, wantedMajor, draft, attempt.now(), doing());
      draft.detail("subscription", domain + "/" + named).detail("major", wantedMajor);
      if (existing.isPresent()) {
        draft.replace(existing.get(), wanted);
      } else {
        draft.insert(Keys.subscription(partition(), product, named), wanted);
        if (start != null) {
          begin(draft, subscription, start, attempt);
        }
      }
      return draft.result(subscription);
    }

    private void begin(
        Draft<?> draft, Subscription<T> subscription, StartAt where, Ledger.Attempt attempt) {
      Polling polling = subscription.polling();
      Read.Version version = subscription.readAt().version(doing());
      draft.insert(polling.key(), polling.first(where.on(version, doing()), attempt.now()));
    }

    private void checkSameName(ObjectNode before) {
      String taken = before.path("name").asText(named);
      if (!taken.equals(named)) {
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot "
                + doing()
                + " as '"
                + named
                + "': the subscription '"
                + taken
                + "' has the same storage name. Use that one, or choose another name.");
      }
    }

    private ObjectNode wanted(
        ObjectNode json, int wantedMajor, org.apache.iceberg.Schema table, Seen seen) {
      if (purpose == null && !json.has("purpose")) {
        throw missing(List.of("forPurpose(..)"));
      }
      json.put("name", named);
      json.put("product", product.toString());
      json.put("domain", domain);
      json.put("major", wantedMajor);
      if (purpose != null) {
        json.put("purpose", purpose);
      }
      if (contact != null) {
        json.put("contact", contact);
      } else if (!json.has("contact")) {
        DomainEntry consumer = session.catalog().requireDomain(domain, doing());
        json.put("contact", consumer.domain().owner());
      }
      if (atMost != null) {
        json.put(AT_MOST, atMost);
      }
      Optional<List<String>> said = columns != null ? Optional.of(columns) : type.columns(table);
      if (said.isPresent()) {
        ArrayNode names = json.putArray("columns");
        said.get().forEach(names::add);
      }
      String text = filter != null ? filter : json.path(FILTER).asText(null);
      if (text != null) {
        json.put(FILTER, seen.filter(text).text());
      }
      return json;
    }

    /** Refuses now what every poll would refuse. */
    private void check(Seen seen, ObjectNode wanted) {
      List<String> paths = new ArrayList<>();
      wanted.path("columns").forEach(column -> paths.add(column.asText()));
      type.materializer(seen.project(seen.wanted(paths, type)), seen.contract());
    }

    private Subscription<T> subscription(ObjectNode json) {
      List<String> read = new ArrayList<>();
      json.path("columns").forEach(column -> read.add(column.asText()));
      return new Subscription<>(
          session,
          domain,
          named,
          product,
          json.path("major").asInt(),
          json.path("purpose").asText(),
          json.path("contact").asText(),
          read,
          json.path(FILTER).asText(null),
          json.path(AT_MOST).asLong(ROWS_OF_A_BATCH),
          type);
    }
  }
}

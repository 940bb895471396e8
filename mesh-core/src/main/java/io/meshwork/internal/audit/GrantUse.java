package io.meshwork.internal.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.AccessReview;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.event.LogPart;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.AccessCount;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Determines the use of a domain's grants: when each was granted and last used, and which columns
 * were read. Not thread-safe.
 */
final class GrantUse {
  private static final Duration REVIEW_PERIOD = Duration.ofDays(365);

  private final ClientSession session;
  private final String domain;
  private final Map<String, ReviewedGrant> grants = new LinkedHashMap<>();
  private final Map<String, List<ReviewedGrant>> byTarget = new HashMap<>();
  private final ReadColumns columns;

  /** The IDs of the columns that each grant names, by the ID of the grant. */
  private final Map<String, Set<Integer>> namedColumns = new HashMap<>();

  private final Map<ProductName, Map<String, Set<Integer>>> inUse = new HashMap<>();

  /** The columns of which the counts have the reads, with their times. */
  private final Map<DayOfReads, Set<String>> counted = new HashMap<>();

  GrantUse(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
    this.columns = new ReadColumns(session.catalog());
  }

  /** The reads of a major version by a principal on a day, in UTC. */
  private record DayOfReads(String who, String product, int major, LocalDate day) {
    static DayOfReads of(String who, String product, int major, Instant at) {
      return new DayOfReads(who, product, major, LocalDate.ofInstant(at, ZoneOffset.UTC));
    }
  }

  /** A grant with its use. */
  private static final class ReviewedGrant {
    private final StoredGrant grant;
    private final Set<Integer> columns = new HashSet<>();
    private @Nullable Instant grantedAt;
    private @Nullable Instant end;
    private @Nullable Instant lastUsed;

    ReviewedGrant(StoredGrant grant) {
      this.grant = grant;
    }

    /** Applies a grant or an amendment of it; if it is active, its start does not change. */
    void applyGrant(Instant at, JsonNode logged, boolean isNew) {
      if (isNew || grantedAt == null || (end != null && !end.isAfter(at))) {
        grantedAt = at.truncatedTo(ChronoUnit.MILLIS); // as precise as the times of uses
      }
      String until = logged.path("until").textValue();
      end = until == null ? null : Instant.parse(until);
    }

    void applyRevoke() {
      grantedAt = null;
      end = null;
    }

    /** Adds reads of columns. Reads before the grant was made or after it ended do not count. */
    void addUse(String who, Instant first, Instant last, Set<Integer> read) {
      if (includes(who)
          && grant.isInForce(first)
          && (grantedAt == null || !last.isBefore(grantedAt))) {
        Instant begin = grantedAt == null || first.isAfter(grantedAt) ? first : grantedAt;
        Instant at = grant.isInForce(last) ? last : begin;
        lastUsed = lastUsed == null || at.isAfter(lastUsed) ? at : lastUsed;
        columns.addAll(read);
      }
    }

    /** True if the grantee includes the reader; a wider group than an account may include all. */
    private boolean includes(String who) {
      Grantee to = grant.to();
      int slash = who.indexOf('/');
      String account = who.substring(0, Math.max(0, slash));
      return switch (to.kind()) {
        case PRINCIPAL ->
            to.account().equals(Optional.of(account))
                && to.id().endsWith(":role/" + who.substring(slash + 1));
        case ACCOUNT, ACCOUNT_PRINCIPALS -> to.account().equals(Optional.of(account));
        case ORGANIZATION, UNIT, IAM_ALLOWED_PRINCIPALS -> true;
      };
    }
  }

  AccessReview review() {
    MeshAction action = MeshAction.of(Verb.REVIEW, "the access of " + domain);
    session.checkOpen(action);
    session.authorizer().requireOwner(domain, action);
    session.accessCounter().write();
    Instant now = session.runtime().clock().instant();
    List<GrantSummary> summaries = new AccessGrants(session).grants();
    readGrants();
    readLogs();
    List<String> domains =
        session.catalog().domains().stream()
            .map(DomainEntry::domain)
            .map(registered -> registered.name())
            .toList();
    domains.forEach(consumer -> readCounts(consumer, now.minus(REVIEW_PERIOD)));
    readSubscriptions(domains);
    List<AccessReview.Entry> entries = new ArrayList<>();
    for (GrantSummary summary : summaries) {
      ReviewedGrant grant = grants.get(summary.id());
      if (grant != null) { // null if it was revoked during the review
        entries.add(entry(summary, grant));
      }
    }
    entries.sort(
        Comparator.comparing((AccessReview.Entry entry) -> entry.grant().on())
            .thenComparing(entry -> entry.grant().to())
            .thenComparing(entry -> entry.grant().id()));
    return new AccessReview(
        domain, now, entries, AccessSummaries.mirrorDifferences(session, domain, readers()));
  }

  /** The roles to which grants are made. */
  private Set<Principal> readers() {
    Set<Principal> readers = new LinkedHashSet<>();
    for (ReviewedGrant reviewed : grants.values()) {
      Grantee to = reviewed.grant.to();
      if (to.kind() == Grantee.Kind.PRINCIPAL) {
        to.account()
            .ifPresent(
                account ->
                    readers.add(
                        Principal.of(account, to.id().substring(to.id().lastIndexOf('/') + 1))));
      }
    }
    return readers;
  }

  private void readGrants() {
    RightsDocuments documents = session.rights().with(Map.of());
    List<VersionedDocument> grantDocuments =
        new ArrayList<>(documents.list(RegistryKeys.partition(domain), RegistryKeys.GRANTS));
    for (ProductEntry product : session.catalog().products(domain)) {
      grantDocuments.addAll(
          documents.list(RegistryKeys.partition(product.name()), RegistryKeys.GRANTS));
      grantDocuments.addAll(documents.executedGrants(product.name()).keySet());
    }
    grantDocuments.addAll(documents.executedGrants(domain).keySet());
    for (String partition : session.catalog().consumerPartitions(domain)) {
      grantDocuments.addAll(documents.list(partition, RegistryKeys.REGRANTS));
    }
    List<StoredGrant> all = grantDocuments.stream().map(StoredGrant::of).toList();
    for (StoredGrant stored :
        documents.withCurrentNames(all, MeshAction.of(Verb.REVIEW, "the access of " + domain))) {
      ReviewedGrant grant = new ReviewedGrant(stored);
      grants.put(grant.grant.id(), grant);
      byTarget.computeIfAbsent(target(grant), absent -> new ArrayList<>()).add(grant);
    }
  }

  /** The granted product, or the domain. */
  private static String target(ReviewedGrant grant) {
    return grant.grant.on() instanceof GrantTarget.OfProduct target
        ? target.product().toString()
        : grant.grant.on().domain();
  }

  /** Adds reads of columns of one contract version to the grants on a product and its domain. */
  private void addUse(
      String who,
      String product,
      Instant first,
      Instant last,
      Optional<ContractVersion> version,
      Collection<String> names) {
    String owner = product.substring(0, Math.max(0, product.indexOf('/')));
    for (String target : List.of(product, owner)) {
      List<ReviewedGrant> onTarget = byTarget.getOrDefault(target, List.of());
      if (!onTarget.isEmpty()) {
        Set<Integer> read = columns.ids(ProductName.of(product), version, names);
        onTarget.stream()
            .filter(grant -> read.isEmpty() || covers(grant.grant, ProductName.of(product), read))
            .forEach(grant -> grant.addUse(who, first, last, read));
      }
    }
  }

  /** True if a grant is of one of the columns, or by tags or on a whole domain. */
  private boolean covers(StoredGrant grant, ProductName product, Set<Integer> read) {
    if (!(grant.on() instanceof GrantTarget.OfProduct)) {
      return true;
    }
    boolean all = grant.columns().isEmpty();
    Set<Integer> named =
        namedColumns.computeIfAbsent(
            grant.id(),
            id ->
                (all ? grant.exceptColumns() : grant.columns())
                    .stream()
                        .flatMap(name -> grantedIds(product, name).stream())
                        .collect(Collectors.toSet()));
    return read.stream().anyMatch(id -> named.contains(id) != all);
  }

  private void readCounts(String consumer, Instant since) {
    LogWalk walk =
        LogWalk.newestFirst(session.ledger(), List.of(RegistryKeys.reads(consumer)), since);
    while (walk.hasNext()) {
      for (JsonNode line : walk.next().json().path("details").path("lines")) {
        if (line.path("action").asText().equals(AccessCounter.READ_SEEN)) {
          readCount(line);
        }
      }
    }
  }

  private void readCount(JsonNode line) {
    String who = line.path("who").asText();
    String product = line.path("subject").asText();
    Instant first = Instant.parse(line.path("first").asText());
    Optional<ContractVersion> version =
        Optional.ofNullable(line.path("version").textValue()).map(ContractVersion::parse);
    Set<String> read = texts(line.path("columns"));
    version.ifPresent(
        known ->
            counted
                .computeIfAbsent(
                    DayOfReads.of(who, product, known.major(), first), absent -> new HashSet<>())
                .addAll(read));
    addUse(who, product, first, Instant.parse(line.path("last").asText()), version, read);
  }

  private void readSubscriptions(List<String> consumers) {
    Set<String> partitions = new LinkedHashSet<>();
    for (String owner : owners()) {
      consumers.forEach(
          consumer -> partitions.add(session.catalog().consumerPartition(consumer, owner)));
    }
    for (String partition : partitions) {
      for (VersionedDocument stored : session.ledger().list(partition, UnloggedDocuments.USAGE)) {
        UsageEntry usage = UsageEntry.of(stored);
        addUse(usage);
      }
    }
  }

  /**
   * Adds what the counts lack, because a process was killed before it wrote them: the columns that
   * were read last on each day, at the end of the day. Of several readers it is not known who read
   * which columns.
   */
  private void addUse(UsageEntry usage) {
    String product = usage.product().toString();
    if (usage.readers().size() > 1 || usage.columns().isEmpty()) {
      if (countedOn(usage, usage.at()).isEmpty()) {
        addUse(usage.by(), product, usage.at(), usage.at(), Optional.empty(), List.of());
      }
      return;
    }
    usage
        .columns()
        .forEach(
            (path, day) -> {
              String name = path.split("[.\\[{]", 2)[0];
              Set<String> known = countedOn(usage, day);
              if (known.contains(name) || known.contains(AccessCount.ALL)) {
                return;
              }
              Instant end = day.plus(Duration.ofDays(1));
              boolean isLastDay = end.isAfter(usage.at());
              addUse(
                  usage.by(),
                  product,
                  day,
                  isLastDay ? usage.at() : end,
                  usage.contractVersion().filter(version -> isLastDay),
                  List.of(name));
            });
  }

  private Set<String> countedOn(UsageEntry usage, Instant at) {
    return counted.getOrDefault(
        DayOfReads.of(usage.by(), usage.product().toString(), usage.major(), at), Set.of());
  }

  /** The domains of the granted products. */
  private Set<String> owners() {
    Set<String> owners = new LinkedHashSet<>();
    grants.values().forEach(grant -> owners.add(grant.grant.on().domain()));
    return owners;
  }

  private void readLogs() {
    Set<String> logs = new LinkedHashSet<>(List.of(RegistryKeys.partition(domain)));
    session
        .catalog()
        .products(domain)
        .forEach(product -> logs.add(RegistryKeys.partition(product.name())));
    session.rights().executors(domain).forEach(executor -> logs.add(executor.partition()));
    owners().forEach(owner -> logs.add(session.catalog().consumerPartition(domain, owner)));
    LogWalk walk = LogWalk.oldestFirst(session.ledger(), logs, null);
    while (walk.hasNext()) {
      VersionedDocument entry = walk.next();
      for (LogPart part : LogPart.of(entry.json())) {
        for (JsonNode logged : part.details().path("grants")) {
          ReviewedGrant grant = grants.get(logged.path("id").asText());
          if (grant != null) {
            apply(part.event(), Ledger.time(entry), logged, grant);
          }
        }
      }
    }
  }

  private static void apply(String event, Instant at, JsonNode logged, ReviewedGrant grant) {
    switch (MeshEvent.Type.of(event)) {
      case GRANT_MADE -> grant.applyGrant(at, logged, true);
      // An approval may amend an existing grant.
      case GRANT_AMENDED, ACCESS_APPROVED -> grant.applyGrant(at, logged, false);
      case GRANT_REVOKED -> grant.applyRevoke();
      default -> {
        // Other events do not change grants.
      }
    }
  }

  private AccessReview.Entry entry(GrantSummary summary, ReviewedGrant grant) {
    List<String> unused =
        grant.grant.on() instanceof GrantTarget.OfProduct target
            ? unusedColumns(target.product(), grant)
            : List.of();
    return new AccessReview.Entry(
        summary, Optional.ofNullable(grant.grantedAt), Optional.ofNullable(grant.lastUsed), unused);
  }

  /** The granted columns that were not read; a column of closed versions only stays used too. */
  private List<String> unusedColumns(ProductName product, ReviewedGrant grant) {
    List<String> unused =
        new ArrayList<>(grantedColumns(grant.grant, columnsInUse(product).keySet()));
    unused.removeIf(name -> !Collections.disjoint(grantedIds(product, name), grant.columns));
    return unused;
  }

  /** The IDs of the column with a name; of every column that had the name if none has it now. */
  private Set<Integer> grantedIds(ProductName product, String name) {
    Set<Integer> ids = columnsInUse(product).get(name);
    return ids == null ? columns.idsInAnyVersion(product, name) : ids;
  }

  private static List<String> grantedColumns(StoredGrant grant, Collection<String> inUse) {
    return grant.columns().isEmpty()
        ? inUse.stream().filter(column -> !grant.exceptColumns().contains(column)).toList()
        : grant.columns();
  }

  /** The IDs of the columns of the major versions that are in use, by name. */
  private Map<String, Set<Integer>> columnsInUse(ProductName product) {
    return inUse.computeIfAbsent(product, this::readColumnsInUse);
  }

  private Map<String, Set<Integer>> readColumnsInUse(ProductName product) {
    MeshAction action = MeshAction.of(Verb.REVIEW, "the access of " + domain);
    Map<String, Set<Integer>> ids = new LinkedHashMap<>();
    session.catalog().findProduct(product).stream()
        .flatMap(entry -> session.catalog().liveMajors(entry, action).stream())
        .flatMap(version -> version.schemaWithIds().columns().stream())
        .forEach(
            column ->
                ids.computeIfAbsent(column.name(), name -> new HashSet<>()).add(column.fieldId()));
    return ids;
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}

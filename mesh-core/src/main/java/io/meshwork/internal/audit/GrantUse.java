package io.meshwork.internal.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.GrantCard;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.AccessReview;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
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
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Puts the grants of a domain beside what was read of what they are on. Of each grant it keeps when
 * it was made and last used and which columns were read, and of all else nothing. Belongs to one
 * thread.
 */
final class GrantUse {
  private static final Duration LOOKING_BACK = Duration.ofDays(365);

  private final ClientSession session;
  private final String domain;
  private final Map<String, OneGrant> grants = new LinkedHashMap<>();
  private final Map<String, List<OneGrant>> byTarget = new HashMap<>();

  GrantUse(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /** What is known of a grant. */
  private static final class OneGrant {
    private final StoredGrant grant;
    private final Set<String> columns = new HashSet<>();
    private @Nullable Instant made;
    private @Nullable Instant end;
    private @Nullable Instant lastUsed;

    OneGrant(StoredGrant grant) {
      this.grant = grant;
    }

    /** It is there from now on; if it was there before, it only says something else. */
    void written(Instant at, JsonNode logged, boolean anew) {
      if (anew || made == null || (end != null && !end.isAfter(at))) {
        made = at;
      }
      String until = logged.path("until").textValue();
      end = until == null ? null : Instant.parse(until);
    }

    void revoked() {
      made = null;
      end = null;
    }

    void used(String who, Instant at, Set<String> read) {
      if (isFor(who)) {
        lastUsed = lastUsed == null || at.isAfter(lastUsed) ? at : lastUsed;
        columns.addAll(read);
      }
    }

    /** A grantee is a role, an account, or a wider circle, which every reader may be in. */
    private boolean isFor(String who) {
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
    session.authorizer().actsFor(domain, action);
    session.accessCounter().write();
    Instant now = session.runtime().clock().instant();
    List<GrantCard> cards = new AccessGrants(session).grants();
    readGrants();
    List<String> domains =
        session.catalog().domains().stream()
            .map(DomainEntry::domain)
            .map(each -> each.name())
            .toList();
    domains.forEach(consumer -> readCounts(consumer, now.minus(LOOKING_BACK)));
    readSubscriptions(domains);
    readLogs();
    List<AccessReview.Entry> entries = new ArrayList<>();
    for (GrantCard card : cards) {
      OneGrant grant = grants.get(card.id());
      // One that was revoked meanwhile is none to look at.
      if (grant != null) {
        entries.add(entry(card, grant));
      }
    }
    entries.sort(
        Comparator.comparing((AccessReview.Entry entry) -> entry.grant().on())
            .thenComparing(entry -> entry.grant().to())
            .thenComparing(entry -> entry.grant().id()));
    return new AccessReview(domain, now, entries);
  }

  private void readGrants() {
    RightsDocuments documents = session.rights();
    List<VersionedDocument> found =
        new ArrayList<>(documents.list(RegistryKeys.partition(domain), RegistryKeys.GRANTS));
    for (ProductEntry product : session.catalog().products(domain)) {
      found.addAll(documents.list(RegistryKeys.partition(product.name()), RegistryKeys.GRANTS));
    }
    for (String place : session.catalog().consumerPartitions(domain)) {
      found.addAll(documents.list(place, RegistryKeys.REGRANTS));
    }
    List<StoredGrant> all = found.stream().map(StoredGrant::of).toList();
    for (StoredGrant stored :
        documents.now(all, MeshAction.of(Verb.REVIEW, "the access of " + domain))) {
      OneGrant grant = new OneGrant(stored);
      grants.put(grant.grant.id(), grant);
      byTarget.computeIfAbsent(target(grant), absent -> new ArrayList<>()).add(grant);
    }
  }

  /** The product that it is on, else the domain. */
  private static String target(OneGrant grant) {
    return grant.grant.on() instanceof GrantTarget.OfProduct of
        ? of.product().toString()
        : grant.grant.on().domain();
  }

  private void used(String who, String product, Instant at, Set<String> columns) {
    String owner = product.substring(0, Math.max(0, product.indexOf('/')));
    for (String target : List.of(product, owner)) {
      byTarget.getOrDefault(target, List.of()).forEach(grant -> grant.used(who, at, columns));
    }
  }

  private void readCounts(String consumer, Instant since) {
    LogWalk walk =
        LogWalk.newestFirst(session.ledger(), List.of(RegistryKeys.reads(consumer)), since);
    while (walk.hasNext()) {
      for (JsonNode line : walk.next().json().path("details").path("lines")) {
        if (line.path("action").asText().equals(AccessCounter.READ_SEEN)) {
          used(
              line.path("who").asText(),
              line.path("subject").asText(),
              Instant.parse(line.path("last").asText()),
              texts(line.path("columns")));
        }
      }
    }
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
        Set<String> columns = new TreeSet<>();
        usage.paths().forEach(path -> columns.add(path.split("[.\\[{]", 2)[0]));
        used(usage.by(), usage.product().toString(), usage.at(), columns);
      }
    }
  }

  /** The domains that have what the grants are on. */
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
    owners().forEach(owner -> logs.add(session.catalog().consumerPartition(domain, owner)));
    LogWalk walk = LogWalk.oldestFirst(session.ledger(), logs, null);
    while (walk.hasNext()) {
      VersionedDocument entry = walk.next();
      for (LogPart part : LogPart.of(entry.json())) {
        for (JsonNode logged : part.details().path("grants")) {
          OneGrant grant = grants.get(logged.path("id").asText());
          if (grant != null) {
            apply(part.event(), Ledger.time(entry), logged, grant);
          }
        }
      }
    }
  }

  private static void apply(String event, Instant at, JsonNode logged, OneGrant grant) {
    switch (event) {
      case MeshEvent.GRANT_MADE -> grant.written(at, logged, true);
      // An approval may grant what was granted already.
      case MeshEvent.GRANT_AMENDED, MeshEvent.ACCESS_APPROVED -> grant.written(at, logged, false);
      case MeshEvent.GRANT_REVOKED -> grant.revoked();
      default -> {
        // Nothing else that names grants writes them.
      }
    }
  }

  private AccessReview.Entry entry(GrantCard card, OneGrant grant) {
    Set<String> unused = new LinkedHashSet<>(allowed(grant.grant));
    unused.removeAll(grant.columns);
    if (grant.columns.contains(AccessCount.ALL)) {
      unused.clear();
    }
    return new AccessReview.Entry(
        card,
        Optional.ofNullable(grant.made),
        Optional.ofNullable(grant.lastUsed),
        List.copyOf(unused));
  }

  private List<String> allowed(StoredGrant grant) {
    if (!(grant.on() instanceof GrantTarget.OfProduct of)) {
      return List.of();
    } else if (!grant.columns().isEmpty()) {
      return grant.columns();
    }
    ProductName product = of.product();
    return session
        .catalog()
        .findProduct(product)
        .map(ProductEntry::currentMajor)
        .map(
            major ->
                session
                    .catalog()
                    .requireVersion(
                        product, major, MeshAction.of(Verb.REVIEW, "the access of " + domain))
                    .contract()
                    .schema()
                    .getFields()
                    .stream()
                    .map(Schema.Field::name)
                    .filter(column -> !grant.exceptColumns().contains(column))
                    .toList())
        .orElse(List.of());
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}

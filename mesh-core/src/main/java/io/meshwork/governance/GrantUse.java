package io.meshwork.governance;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.ledger.Unlogged;
import io.meshwork.internal.session.AccessTally;
import io.meshwork.internal.session.SeenAccess;
import io.meshwork.internal.session.Session;
import io.meshwork.product.ProductName;
import io.meshwork.sharing.GrantCard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/** Puts the grants of a domain beside what was read of its products. Belongs to one thread. */
final class GrantUse {
  private static final Duration LOOKING_BACK = Duration.ofDays(365);

  private final Session session;
  private final String domain;
  private final List<Use> uses = new ArrayList<>();
  private final Map<String, Instant> made = new HashMap<>();

  GrantUse(Session session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /** Somebody read some columns of a product, at a time or shortly before. */
  private record Use(String who, String product, Instant at, Set<String> columns) {}

  AccessReview review() {
    String doing = "review the access of " + domain;
    session.checkOpen(doing);
    session.admission().actsFor(domain, doing);
    session.tally().write();
    Instant now = session.runtime().clock().instant();
    List<String> domains =
        session.catalog().domains().stream()
            .map(DomainEntry::domain)
            .map(each -> each.name())
            .toList();
    domains.forEach(consumer -> readUses(consumer, now.minus(LOOKING_BACK)));
    readMade(domains);
    List<AccessReview.Entry> entries = new ArrayList<>();
    for (GrantCard grant : GrantCard.all(session)) {
      entries.add(entry(grant));
    }
    entries.sort(
        Comparator.comparing((AccessReview.Entry entry) -> entry.grant().on())
            .thenComparing(entry -> entry.grant().to())
            .thenComparing(entry -> entry.grant().id()));
    return new AccessReview(domain, now, entries);
  }

  private void readUses(String consumer, Instant since) {
    LogWalk walk = LogWalk.newestFirst(session.ledger(), List.of(Keys.reads(consumer)), since);
    while (walk.hasNext()) {
      for (JsonNode line : walk.next().json().path("details").path("lines")) {
        if (line.path("action").asText().equals(AccessTally.READ_SEEN)) {
          uses.add(
              new Use(
                  line.path("who").asText(),
                  line.path("subject").asText(),
                  Instant.parse(line.path("last").asText()),
                  texts(line.path("columns"))));
        }
      }
    }
    String partition = session.catalog().consumerPartition(consumer, domain);
    for (Stored stored : session.ledger().list(partition, Unlogged.USAGE)) {
      UsageEntry usage = UsageEntry.of(stored);
      Set<String> columns = new TreeSet<>();
      usage.paths().forEach(path -> columns.add(path.split("[.\\[{]", 2)[0]));
      uses.add(new Use(usage.by(), usage.product().toString(), usage.at(), columns));
    }
  }

  private void readMade(List<String> owners) {
    Set<String> logs = new LinkedHashSet<>(AuditScope.logsOf(session, domain, "review"));
    owners.forEach(owner -> logs.add(session.catalog().consumerPartition(domain, owner)));
    LogWalk walk = LogWalk.newestFirst(session.ledger(), logs, null);
    while (walk.hasNext()) {
      Stored entry = walk.next();
      for (JsonNode grant : entry.json().path("details").path("grants")) {
        made.put(grant.path("id").asText(), Ledger.time(entry));
      }
    }
  }

  private AccessReview.Entry entry(GrantCard grant) {
    boolean named = !grant.on().contains(" ");
    List<Use> ofGrant =
        uses.stream()
            .filter(use -> isFor(grant, use.who()))
            .filter(
                use ->
                    named
                        ? use.product().equals(grant.on())
                        : use.product().startsWith(domain + "/"))
            .toList();
    Set<String> unused = new LinkedHashSet<>(named ? allowed(grant) : List.of());
    ofGrant.forEach(use -> unused.removeAll(use.columns()));
    if (ofGrant.stream().anyMatch(use -> use.columns().contains(SeenAccess.ALL))) {
      unused.clear();
    }
    return new AccessReview.Entry(
        grant,
        Optional.ofNullable(made.get(grant.id())),
        ofGrant.stream().map(Use::at).max(Comparator.naturalOrder()),
        List.copyOf(unused));
  }

  /** A grantee is a role, an account, or a wider circle, which every reader may be in. */
  private static boolean isFor(GrantCard grant, String who) {
    if (grant.to().startsWith("account ")) {
      return who.startsWith(grant.to().substring("account ".length()) + "/");
    }
    return grant.to().contains(" ") || !grant.to().contains("/") || grant.to().equals(who);
  }

  private List<String> allowed(GrantCard grant) {
    if (!grant.columns().isEmpty()) {
      return grant.columns();
    }
    ProductName product = ProductName.of(grant.on());
    return session
        .catalog()
        .findProduct(product)
        .map(ProductEntry::currentMajor)
        .map(
            major ->
                session
                    .catalog()
                    .requireVersion(product, major, "review the access of " + domain)
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

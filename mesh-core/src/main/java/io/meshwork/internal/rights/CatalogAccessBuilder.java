package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.CatalogAccess.DomainAccess;
import io.meshwork.internal.rights.CatalogAccess.MajorTable;
import io.meshwork.internal.rights.CatalogAccess.OmittedGrant;
import io.meshwork.internal.rights.MajorVersionAccess.ConvertedGrant;
import io.meshwork.product.Domain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects the domains of one catalog. Not thread-safe. */
final class CatalogAccessBuilder {
  private static final Set<Permission> READ = EnumSet.of(Permission.DESCRIBE, Permission.SELECT);

  private final String account;
  private final Set<String> accounts;
  private final Instant now;
  private final List<Database> databases = new ArrayList<>();
  private final Map<String, Set<String>> vocabulary = new TreeMap<>();
  private final Set<DataFilter> filters = new LinkedHashSet<>();

  /** Each grant with its domain. */
  private final Map<Grant, String> grants = new LinkedHashMap<>();

  private final List<OmittedGrant> omitted = new ArrayList<>();

  CatalogAccessBuilder(String account, Collection<String> accounts, Instant now) {
    this.account = account;
    this.accounts = new TreeSet<>(accounts);
    this.now = now;
  }

  void add(DomainAccess access) {
    Domain domain = access.domain();
    PolicySnapshot first = access.versions().get(0);
    Set<String> reduced = new TreeSet<>();
    access
        .versions()
        .forEach(
            version ->
                reduced.addAll(
                    new WithheldColumns(version, List.of(), access::isSuspended).onManyProducts()));
    Map<String, String> sharing = sharing(access, reduced);
    List<Table> tables = new ArrayList<>();
    for (PolicySnapshot version : access.versions()) {
      MajorVersionAccess converted =
          new MajorVersionAccess(inCatalog(version), access, reduced, sharing);
      tables.addAll(converted.tables());
      filters.addAll(converted.filters(now));
      converted.vocabulary().forEach(this::define);
      converted.grants(now).forEach(grant -> add(domain, grant));
    }
    define(PolicySnapshot.DOMAIN, List.of(domain.name()));
    Map<String, String> tags = new TreeMap<>(first.tags());
    tags.keySet().removeIf(MajorVersionAccess::isReserved);
    tags.put(PolicySnapshot.DOMAIN, domain.name());
    databases.add(
        Database.of(account, NameGrammar.storage(domain.name())).tags(tags).tables(tables));
    addOwners(domain);
    access.tables().forEach(table -> addOpen(domain, table, tables));
  }

  /**
   * Returns which grant's tag for withheld columns a grant uses, by its ID. Lake Formation permits
   * 50 tags on a table, so grants that withhold the same columns of the same tables, in all
   * versions, share one.
   */
  private static Map<String, String> sharing(DomainAccess access, Collection<String> reduced) {
    List<PolicySnapshot> versions = access.versions();
    Map<String, String> columns = new TreeMap<>();
    for (int i = 0; i < versions.size(); i++) {
      String version = i + " ";
      new WithheldColumns(versions.get(i), reduced, access::isSuspended)
          .tagged(table -> table.product().toString())
          .forEach(
              (id, text) -> columns.merge(id, version + text, (all, next) -> all + "\n" + next));
    }
    Map<String, String> first = new TreeMap<>();
    columns.forEach((id, text) -> first.putIfAbsent(text, id));
    Map<String, String> sharing = new TreeMap<>();
    columns.forEach((id, text) -> sharing.put(id, first.getOrDefault(text, id)));
    return sharing;
  }

  private PolicySnapshot inCatalog(PolicySnapshot version) {
    return new PolicySnapshot(
        version.domain(),
        account,
        version.vocabulary(),
        version.tags(),
        version.tables(),
        version.grants());
  }

  private void define(String key, Collection<String> values) {
    vocabulary.computeIfAbsent(key, absent -> new TreeSet<>()).addAll(values);
  }

  /** Adds a grant, unless it has no effect in the mesh, or another one in Lake Formation. */
  private void add(Domain domain, ConvertedGrant converted) {
    Grant grant = converted.grant();
    Optional<String> recipient = converted.stored().recipientAccount();
    Grantee.Kind kind = grant.to().kind();
    boolean share = kind == Grantee.Kind.ACCOUNT || kind == Grantee.Kind.ORGANIZATION;
    String to = grant.to().account().orElse("");
    if (domain.accounts().contains(to)) {
      return; // It reads everything already.
    } else if (recipient.equals(Optional.of(account)) || (share && to.equals(account))) {
      omitted.add(new OmittedGrant(domain.name(), grant, FindingCode.OWN_ACCOUNT));
    } else if (recipient.isPresent() ? to.equals(recipient.get()) && !share : isByOwner(grant)) {
      put(domain, grant);
    }
  }

  /** Returns true if a grant by the owner gives something: accounts can only pass it on. */
  private static boolean isByOwner(Grant grant) {
    return switch (grant.to().kind()) {
      case PRINCIPAL -> true;
      case ACCOUNT, ORGANIZATION -> !grant.grantable().isEmpty();
      case UNIT, ACCOUNT_PRINCIPALS, IAM_ALLOWED_PRINCIPALS -> false;
    };
  }

  private void put(Domain domain, Grant grant) {
    grants.putIfAbsent(grant, domain.name());
  }

  /** Grants the accounts of a domain all of its tables. */
  private void addOwners(Domain domain) {
    String database = NameGrammar.storage(domain.name());
    for (String owner : domain.accounts()) {
      String id = "owner:" + domain.name() + ":" + owner;
      grantAll(domain, owner, id, new Resource.AllTables(account, database), READ);
      grantAll(
          domain,
          owner,
          id + ":database",
          new Resource.Database(account, database),
          EnumSet.of(Permission.DESCRIBE));
    }
  }

  /** Grants all principals of an account something, through the account if it is another one. */
  private void grantAll(
      Domain domain, String to, String id, Resource on, Set<Permission> permissions) {
    if (!to.equals(account)) {
      put(domain, grant(id, Grantee.account(to), on, permissions).withGrantOption());
    }
    put(domain, grant(id + ":principals", Grantee.principalsOf(to), on, permissions).madeIn(to));
  }

  private void addOpen(Domain domain, MajorTable open, List<Table> tables) {
    Optional<Table> described =
        tables.stream().filter(table -> table.name().equals(open.name())).findFirst();
    if (open.openColumns().isEmpty() || described.isEmpty()) {
      return;
    }
    String database = NameGrammar.storage(domain.name());
    boolean whole = described.get().columns().size() == open.openColumns().size();
    Resource on =
        whole
            ? new Resource.Table(account, database, open.name())
            : new Resource.Columns(account, database, open.name(), open.openColumns());
    Set<Permission> permissions = whole ? READ : EnumSet.of(Permission.SELECT);
    String id = "open:" + domain.name() + ":" + open.name();
    put(domain, grant(id, CatalogAccess.MESH, on, permissions).withGrantOption());
    for (String consumer : accounts) {
      if (!domain.accounts().contains(consumer)) {
        put(
            domain,
            grant(id + ":" + consumer, Grantee.principalsOf(consumer), on, permissions)
                .madeIn(consumer));
      }
    }
  }

  private Grant grant(String id, Grantee to, Resource on, Set<Permission> permissions) {
    return new Grant(id, to, on, permissions, Set.of(), Optional.empty(), account);
  }

  /** Returns the state, with the grants of recipients that Lake Formation lets them make. */
  CatalogAccess build() {
    AccessState.Builder state = AccessState.builder();
    Set<String> all = new TreeSet<>(accounts);
    all.add(account);
    grants
        .keySet()
        .forEach(
            grant -> {
              all.add(grant.grantor());
              grant.to().account().ifPresent(all::add);
            });
    for (String each : all) {
      state.accounts(
          Account.of(each, PolicySnapshot.accountActor(each).id()).in(PolicySnapshot.ORGANIZATION));
    }
    vocabulary.forEach((key, values) -> state.tags(new TagKey(account, key, List.copyOf(values))));
    state.databases(databases.toArray(Database[]::new));
    state.filters(filters.toArray(DataFilter[]::new));
    grants.keySet().stream()
        .filter(grant -> grant.grantor().equals(account))
        .forEach(grant -> state.grants(grant));
    AccessEvaluator owner = AccessEvaluator.over(state.build());
    RecipientGrants recipients = new RecipientGrants(owner, now);
    grants.forEach(
        (grant, domain) -> {
          Grantee actor = PolicySnapshot.accountActor(grant.grantor());
          if (grant.grantor().equals(account)
              || !owner.hiddenColumns(actor, grant, now).isEmpty()) {
            return;
          }
          List<Grant> permitted = recipients.permitted(grant);
          permitted.forEach(each -> state.grants(each));
          if (permitted.isEmpty()) {
            omitted.add(new OmittedGrant(domain, grant, recipients.fault(grant)));
          }
        });
    return new CatalogAccess(state.build(), omitted);
  }
}

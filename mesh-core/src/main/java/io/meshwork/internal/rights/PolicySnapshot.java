package io.meshwork.internal.rights;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tags and grants that were read of a domain's data at one time. Converts them to a state of
 * the evaluator. Immutable.
 *
 * @param domain the domain that owns the data
 * @param account the account of its catalog
 * @param vocabulary the tags that the domain defines, with their values, in lower case
 * @param tags the tags of the domain itself
 * @param tables the tables of its products that are needed
 * @param grants grants on the domain and these products, including grants of recipients
 */
public record PolicySnapshot(
    String domain,
    String account,
    Map<String, List<String>> vocabulary,
    Map<String, String> tags,
    List<TableRights> tables,
    List<StoredGrant> grants) {
  /** The organization of every account in a mesh. */
  public static final String ORGANIZATION = "mesh";

  /** The tag with the domain's name, which the mesh sets on each domain. */
  public static final String DOMAIN = "domain";

  public PolicySnapshot {
    vocabulary = Map.copyOf(vocabulary);
    tags = Map.copyOf(tags);
    tables = List.copyOf(tables);
    grants = List.copyOf(grants);
  }

  /** Returns the actor that stands for an account itself. No role has its name. */
  public static Grantee accountActor(String account) {
    return Grantee.of("arn:aws:iam::" + account + ":role/*");
  }

  /** Returns the snapshot with other tag definitions. */
  public PolicySnapshot vocabulary(Map<String, List<String>> newVocabulary) {
    return new PolicySnapshot(domain, account, newVocabulary, tags, tables, grants);
  }

  /** Returns the snapshot with other tags of the domain. */
  public PolicySnapshot tags(Map<String, String> newTags) {
    return new PolicySnapshot(domain, account, vocabulary, newTags, tables, grants);
  }

  /** Returns the snapshot with a product replaced. */
  public PolicySnapshot table(TableRights newTable) {
    return new PolicySnapshot(
        domain,
        account,
        vocabulary,
        tags,
        tables.stream()
            .map(table -> table.product().equals(newTable.product()) ? newTable : table)
            .toList(),
        grants);
  }

  /** A snapshot whose grants are indexed by whom they are to. Immutable. */
  public static final class OfRoles {
    private final PolicySnapshot all;
    private final GrantsByGrantee grants;

    private OfRoles(PolicySnapshot all) {
      this.all = all;
      this.grants = new GrantsByGrantee(all.grants);
    }

    /** Returns the snapshot with the grants that apply to a role, which decide what it may read. */
    public PolicySnapshot applyingTo(Grantee role) {
      return all.grants(grants.applyingTo(role));
    }

    /** Returns it also with what other roles of its account may pass on, for what it lacks. */
    public PolicySnapshot concerning(Grantee role) {
      return all.grants(grants.concerning(Set.of(role)));
    }
  }

  /** Returns the snapshot for single roles. Takes time proportional to the number of grants. */
  public OfRoles ofRoles() {
    return new OfRoles(this);
  }

  /** Returns the snapshot with other grants. */
  private PolicySnapshot grants(List<StoredGrant> newGrants) {
    return new PolicySnapshot(domain, account, vocabulary, tags, tables, newGrants);
  }

  /** Returns the snapshot with a grant added, or replaced if it has a grant of that id. */
  public PolicySnapshot with(StoredGrant grant) {
    List<StoredGrant> more = new ArrayList<>(without(Set.of(grant.id())).grants);
    more.add(grant);
    return new PolicySnapshot(domain, account, vocabulary, tags, tables, more);
  }

  /** Returns the snapshot without some grants. */
  public PolicySnapshot without(Collection<String> ids) {
    return new PolicySnapshot(
        domain,
        account,
        vocabulary,
        tags,
        tables,
        grants.stream().filter(grant -> !ids.contains(grant.id())).toList());
  }

  /** Returns the table of a product as a resource of the evaluator. */
  public Resource.Table resource(ProductName product) {
    return new Resource.Table(
        account, NameGrammar.storage(product.domain()), NameGrammar.storage(product.product()));
  }

  /** Returns true if a product has a tag: its own, of its domain, or of a column. */
  public boolean hasTag(TableRights table, String key) {
    return key.equals(DOMAIN)
        || tags.containsKey(key)
        || table.allTags().containsKey(key)
        || table.columnTags().values().stream().anyMatch(column -> column.containsKey(key));
  }

  /**
   * Returns an evaluator of the snapshot.
   *
   * @param accounts accounts to evaluate besides the ones that grants name
   */
  public AccessEvaluator evaluator(Collection<String> accounts) {
    return AccessEvaluator.over(state(accounts));
  }

  /** Returns the state of the evaluator. */
  public AccessState state(Collection<String> more) {
    AccessState.Builder state = AccessState.builder().heldWithOption();
    accounts(more)
        .forEach(
            each -> state.accounts(Account.of(each, accountActor(each).id()).in(ORGANIZATION)));
    allVocabulary().forEach((key, values) -> state.tags(new TagKey(account, key, values)));
    Map<String, String> own = new TreeMap<>(tags);
    own.put(DOMAIN, domain);
    WithheldColumns withheld = new WithheldColumns(this);
    withheld.keys().forEach(key -> state.tags(new TagKey(account, key, WithheldColumns.VALUES)));
    state.databases(
        Database.of(account, NameGrammar.storage(domain))
            .tags(own)
            .tables(tables.stream().map(table -> describe(table, withheld)).toList()));
    for (StoredGrant grant : grants) {
      if (isApplicable(grant)) {
        for (StoredGrant remaining : withheld.remaining(grant)) {
          filter(remaining).ifPresent(state::filters);
          state.grants(grant(remaining));
        }
      }
    }
    return state.build();
  }

  /** Returns the snapshot with only the tables that satisfy a condition. */
  public PolicySnapshot withTables(Predicate<TableRights> condition) {
    return new PolicySnapshot(
        domain, account, vocabulary, tags, tables.stream().filter(condition).toList(), grants);
  }

  /**
   * Returns the columns that the row condition of a grant would reveal although the account that
   * created it may not, or that are withheld; all if it does not fit the columns. Such a grant
   * gives nothing.
   */
  public List<String> hiddenInCondition(StoredGrant grant, Instant at) {
    Optional<TableRights> on = grant.product().flatMap(this::table);
    if (grant.rows().isEmpty() || on.isEmpty()) {
      return List.of();
    }
    TableRights table = on.get();
    if (!isApplicable(grant)) {
      return table.columns();
    } else if (grant.recipientAccount().isPresent()) {
      Grant stored = grant(grant);
      return sharesBehind(grant)
          .evaluator(List.of())
          .hiddenColumns(accountActor(stored.grantor()), stored, at);
    }
    List<String> hidden = new ArrayList<>(table.fields().revealedBy(grant.rows()));
    hidden.retainAll(withheld(grant, table));
    return hidden;
  }

  /** Returns the snapshot with a grant of a recipient and what its account may pass on only. */
  private PolicySnapshot sharesBehind(StoredGrant grant) {
    return grants(
        grants.stream()
            .filter(
                each ->
                    each.equals(grant)
                        || (each.to().kind() != Grantee.Kind.PRINCIPAL
                            && (each.to().account().isEmpty()
                                || each.to().account().equals(grant.recipientAccount()))))
            .toList());
  }

  /**
   * Returns the columns of a product that a grant or its row condition would reveal, and whose
   * classification is above the agreed one now.
   */
  public List<String> withheld(StoredGrant grant, TableRights table) {
    return new GrantAgreements(this).withheld(grant, table);
  }

  /** Returns true if the condition of an active grant that applies to a grantee makes it void. */
  public boolean hasVoidCondition(Grantee grantee, Instant at) {
    return grants.stream()
        .filter(grant -> grant.appliesTo(grantee) && grant.isInForce(at))
        .anyMatch(grant -> !hiddenInCondition(grant, at).isEmpty());
  }

  /** Returns true if an active grant that applies to a grantee would give a withheld column. */
  public boolean hasWithheldColumns(Grantee grantee, ProductName product, Instant at) {
    return table(product).stream()
        .anyMatch(
            table ->
                grants.stream()
                    .filter(grant -> grant.appliesTo(grantee) && grant.isInForce(at))
                    .anyMatch(grant -> !withheld(grant, table).isEmpty()));
  }

  /** Returns the last instant until which expired grants let a grantee read a product. */
  public Optional<Instant> accessEnded(Grantee grantee, ProductName product, Instant now) {
    return ExpiredAccess.at(this, product, grantee, now);
  }

  /**
   * Returns the classification that a new grant agrees to; see {@link GrantAgreements#forNewGrant}.
   */
  public Optional<AgreedClassification> agreementFor(
      StoredGrant grant, boolean includingSensitive) {
    return new GrantAgreements(this).forNewGrant(grant, includingSensitive);
  }

  private Set<String> accounts(Collection<String> more) {
    Set<String> accounts = new TreeSet<>(more);
    accounts.add(account);
    for (StoredGrant grant : grants) {
      grant.to().account().ifPresent(accounts::add);
      grant.recipientAccount().ifPresent(accounts::add);
    }
    return accounts;
  }

  /** Returns the defined tags with their values, including the tags of the mesh. */
  public Map<String, List<String>> allVocabulary() {
    Map<String, List<String>> all = new TreeMap<>(vocabulary);
    all.put(DOMAIN, List.of(domain));
    all.put(
        TableRights.CLASSIFICATION,
        Stream.of(Classification.values()).map(TableRights::text).toList());
    return all;
  }

  /** Returns true if all keys and values of an expression are defined. */
  public boolean defines(TagExpression where) {
    Map<String, List<String>> defined = allVocabulary();
    return where.values().entrySet().stream()
        .allMatch(
            each ->
                containsIgnoringCase(
                    defined.getOrDefault(each.getKey(), List.of()), each.getValue()));
  }

  private static boolean containsIgnoringCase(List<String> all, List<String> required) {
    return required.stream().allMatch(one -> all.stream().anyMatch(one::equalsIgnoreCase));
  }

  /** Returns true if a grant is on a column of a product, or on its domain as a whole. */
  boolean isOnColumns(StoredGrant grant, TableRights table) {
    return !(grant.on() instanceof GrantTarget.ByTags by)
        || !columnsWith(table, by.where()).isEmpty();
  }

  /** Returns the columns of a product that match, with inherited tags. */
  public List<String> columnsWith(TableRights table, TagExpression where) {
    Map<String, String> inherited = new TreeMap<>(tags);
    inherited.put(DOMAIN, domain);
    inherited.putAll(table.allTags());
    Map<String, Map<String, String>> own = table.allColumnTags();
    return table.columns().stream()
        .filter(
            column -> {
              Map<String, String> effective = new TreeMap<>(inherited);
              effective.putAll(own.getOrDefault(column, Map.of()));
              return where.matches(effective);
            })
        .toList();
  }

  private static Table describe(TableRights table, WithheldColumns withheld) {
    return Table.of(NameGrammar.storage(table.product().product()))
        .columns(table.columns().stream().map(GlueColumn::of).toList())
        .tags(withheld.tags(table))
        .columnTags(withheld.columnTags(table));
  }

  /** Returns false if its row condition does not fit the columns of this major version. */
  public boolean isApplicable(StoredGrant grant) {
    if (!(grant.on() instanceof GrantTarget.OfProduct productTarget)) {
      return true;
    }
    Optional<TableRights> on = table(productTarget.product());
    if (on.isEmpty()) {
      return false;
    }
    try {
      grant.rows().ifPresent(rows -> RowPredicate.parse(rows, on.get().schema()));
      return true;
    } catch (InvalidRequestException otherColumns) {
      return false;
    }
  }

  /** Returns a product; empty if it was not read. */
  public Optional<TableRights> table(ProductName product) {
    return tables.stream().filter(table -> table.product().equals(product)).findFirst();
  }

  /** Returns the data filter of a grant on some rows; empty for other grants. */
  public Optional<DataFilter> filter(StoredGrant grant) {
    return grant
        .rows()
        .map(
            rows -> {
              Resource.Table on = resource(((GrantTarget.OfProduct) grant.on()).product());
              return new DataFilter(
                  account,
                  on.in(),
                  on.name(),
                  grant.id(),
                  Optional.of(grant.columns()).filter(list -> !list.isEmpty()),
                  Optional.of(grant.exceptColumns()).filter(list -> !list.isEmpty()),
                  Optional.of(rows));
            });
  }

  /** Returns a stored grant in terms of the evaluator. */
  public Grant grant(StoredGrant grant) {
    return new Grant(
        grant.id(),
        grant.to(),
        on(grant),
        grant.permissions(),
        grant.grantOption() ? grant.permissions() : Set.of(),
        grant.until(),
        grant.recipientAccount().orElse(account));
  }

  private Resource on(StoredGrant grant) {
    if (grant.on() instanceof GrantTarget.ByTags tags) {
      return new Resource.TagPolicy(account, tags.type(), tags.where());
    } else if (grant.on() instanceof GrantTarget.WholeDomain) {
      return new Resource.AllTables(account, NameGrammar.storage(domain));
    }
    Resource.Table table = resource(((GrantTarget.OfProduct) grant.on()).product());
    if (grant.rows().isPresent()) {
      return new Resource.FilteredTable(account, table.in(), table.name(), grant.id());
    } else if (!grant.columns().isEmpty()) {
      return new Resource.Columns(account, table.in(), table.name(), grant.columns());
    } else if (!grant.exceptColumns().isEmpty()) {
      return new Resource.ColumnsExcept(account, table.in(), table.name(), grant.exceptColumns());
    }
    return table;
  }
}

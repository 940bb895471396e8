package io.meshwork.internal.rights;

import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessFacts.Account;
import io.meshwork.access.AccessFacts.Column;
import io.meshwork.access.AccessFacts.DataFilter;
import io.meshwork.access.AccessFacts.Database;
import io.meshwork.access.AccessFacts.Table;
import io.meshwork.access.AccessFacts.TagKey;
import io.meshwork.access.AccessState;
import io.meshwork.access.Grant;
import io.meshwork.access.Grantee;
import io.meshwork.access.Resource;
import io.meshwork.access.TagExpression;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.product.Classification;
import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The rights in a domain's data at one moment, as far as they were read; what {@code access}
 * decides by is made from it. Immutable.
 *
 * @param domain whose data it is
 * @param account the account of its catalog
 * @param vocabulary the tags that the domain defines, each with its values, in lower case
 * @param tags those of the domain as a whole
 * @param tables its products, as far as they are asked about
 * @param grants on the domain and these products, those of recipients too
 */
public record RightsWorld(
    String domain,
    String account,
    Map<String, List<String>> vocabulary,
    Map<String, String> tags,
    List<TableRights> tables,
    List<StoredGrant> grants) {
  /** The organization that every account of a mesh belongs to. */
  public static final String ORGANIZATION = "mesh";

  /** The tag that the mesh itself gives to a domain: its name. */
  public static final String DOMAIN = "domain";

  /** Copies the collections. */
  public RightsWorld {
    vocabulary = Map.copyOf(vocabulary);
    tags = Map.copyOf(tags);
    tables = List.copyOf(tables);
    grants = List.copyOf(grants);
  }

  /** Whoever acts for an account: no role has this name. */
  public static Grantee whoActsFor(String account) {
    return Grantee.of("arn:aws:iam::" + account + ":role/*");
  }

  /** The same with another vocabulary. */
  public RightsWorld vocabulary(Map<String, List<String>> other) {
    return new RightsWorld(domain, account, other, tags, tables, grants);
  }

  /** The same with other tags of the domain. */
  public RightsWorld tags(Map<String, String> other) {
    return new RightsWorld(domain, account, vocabulary, other, tables, grants);
  }

  /** The same with another table in the place of the one of its name. */
  public RightsWorld table(TableRights other) {
    return new RightsWorld(
        domain,
        account,
        vocabulary,
        tags,
        tables.stream()
            .map(table -> table.product().equals(other.product()) ? other : table)
            .toList(),
        grants);
  }

  /** The same with a grant, in the place of the one of its id if there is one. */
  public RightsWorld with(StoredGrant grant) {
    List<StoredGrant> more = new ArrayList<>(without(Set.of(grant.id())).grants);
    more.add(grant);
    return new RightsWorld(domain, account, vocabulary, tags, tables, more);
  }

  /** The same without some grants. */
  public RightsWorld without(Collection<String> ids) {
    return new RightsWorld(
        domain,
        account,
        vocabulary,
        tags,
        tables,
        grants.stream().filter(grant -> !ids.contains(grant.id())).toList());
  }

  /** A product's table. */
  public Resource.Table resource(ProductName product) {
    return new Resource.Table(
        account, Names.storage(product.domain()), Names.storage(product.product()));
  }

  /** True if a product has a value for a tag, of its own, by its domain, or on some column. */
  public boolean carries(TableRights table, String key) {
    return key.equals(DOMAIN)
        || tags.containsKey(key)
        || table.allTags().containsKey(key)
        || table.columnTags().values().stream().anyMatch(column -> column.containsKey(key));
  }

  /**
   * What decides by it.
   *
   * @param accounts those that are asked about besides the ones that grants name
   */
  public AccessEvaluator evaluator(Collection<String> accounts) {
    return AccessEvaluator.over(state(accounts));
  }

  /** What {@code access} decides by. */
  public AccessState state(Collection<String> more) {
    AccessState.Builder state = AccessState.builder();
    accounts(more)
        .forEach(each -> state.accounts(Account.of(each, whoActsFor(each).id()).in(ORGANIZATION)));
    allVocabulary().forEach((key, values) -> state.tags(new TagKey(account, key, values)));
    Map<String, String> own = new TreeMap<>(tags);
    own.put(DOMAIN, domain);
    state.databases(
        Database.of(account, Names.storage(domain))
            .tags(own)
            .tables(tables.stream().map(RightsWorld::described).toList()));
    for (StoredGrant grant : grants) {
      if (fits(grant)) {
        filter(grant).ifPresent(state::filters);
        state.grants(grant(grant));
      }
    }
    return state.build();
  }

  private Set<String> accounts(Collection<String> more) {
    Set<String> accounts = new TreeSet<>(more);
    accounts.add(account);
    for (StoredGrant grant : grants) {
      grant.to().account().ifPresent(accounts::add);
      grant.handedOnIn().ifPresent(accounts::add);
    }
    return accounts;
  }

  /** The tags that are defined with their values, those of the mesh itself too. */
  public Map<String, List<String>> allVocabulary() {
    Map<String, List<String>> all = new TreeMap<>(vocabulary);
    all.put(DOMAIN, List.of(domain));
    all.put(
        TableRights.CLASSIFICATION,
        Stream.of(Classification.values()).map(TableRights::text).toList());
    return all;
  }

  /** True if the domain, or the mesh itself, defines each key and each value. */
  public boolean defines(TagExpression where) {
    Map<String, List<String>> defined = allVocabulary();
    return where.values().entrySet().stream()
        .allMatch(each -> holds(defined.getOrDefault(each.getKey(), List.of()), each.getValue()));
  }

  private static boolean holds(List<String> all, List<String> some) {
    return some.stream().allMatch(one -> all.stream().anyMatch(one::equalsIgnoreCase));
  }

  /** The columns of a product that carry such tags: their own, their product's, the domain's. */
  public List<String> columnsWith(TableRights table, TagExpression where) {
    return table.columns().stream()
        .filter(
            column -> {
              Map<String, String> carried = new TreeMap<>(tags);
              carried.put(DOMAIN, domain);
              carried.putAll(table.allTags());
              carried.putAll(table.allColumnTags().getOrDefault(column, Map.of()));
              return where.matches(carried);
            })
        .toList();
  }

  private static Table described(TableRights of) {
    return Table.of(Names.storage(of.product().product()))
        .columns(of.columns().stream().map(Column::of).toList())
        .tags(of.allTags())
        .columnTags(of.allColumnTags());
  }

  /** A condition that another major's columns do not answer lets no row of this one through. */
  private boolean fits(StoredGrant grant) {
    if (!(grant.on() instanceof GrantTarget.OfProduct of)) {
      return true;
    }
    Optional<TableRights> on = table(of.product());
    if (on.isEmpty()) {
      return false;
    }
    try {
      grant.rows().ifPresent(rows -> Predicate.parse(rows, on.get().schema()));
      return true;
    } catch (InvalidRequestException otherColumns) {
      return false;
    }
  }

  /** A product, if it is asked about. */
  public Optional<TableRights> table(ProductName product) {
    return tables.stream().filter(table -> table.product().equals(product)).findFirst();
  }

  /** The data filter that a grant goes through, if it is on some rows. */
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

  /** A stored grant as {@code access} knows it. */
  public Grant grant(StoredGrant grant) {
    return new Grant(
        grant.id(),
        grant.to(),
        on(grant),
        grant.permissions(),
        grant.grantOption() ? grant.permissions() : Set.of(),
        grant.until(),
        grant.handedOnIn().orElse(account));
  }

  private Resource on(StoredGrant grant) {
    if (grant.on() instanceof GrantTarget.ByTags tags) {
      return new Resource.TagPolicy(account, tags.type(), tags.where());
    } else if (grant.on() instanceof GrantTarget.WholeDomain) {
      return new Resource.AllTables(account, Names.storage(domain));
    }
    Resource.Table table = resource(((GrantTarget.OfProduct) grant.on()).product());
    if (grant.rows().isPresent()) {
      return new Resource.Filtered(account, table.in(), table.name(), grant.id());
    } else if (!grant.columns().isEmpty()) {
      return new Resource.Columns(account, table.in(), table.name(), grant.columns());
    } else if (!grant.exceptColumns().isEmpty()) {
      return new Resource.ColumnsExcept(account, table.in(), table.name(), grant.exceptColumns());
    }
    return table;
  }
}

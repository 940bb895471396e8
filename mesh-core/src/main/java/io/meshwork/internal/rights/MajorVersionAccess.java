package io.meshwork.internal.rights;

import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.rights.CatalogAccess.DomainAccess;
import io.meshwork.internal.rights.CatalogAccess.MajorTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One major version of each product of a domain in terms of Lake Formation: the table has the name
 * of its major version, tags and expressions have keys that Lake Formation accepts, and each
 * expression also requires the tag of the domain. Immutable.
 */
final class MajorVersionAccess {
  private final PolicySnapshot version;
  private final List<MajorTable> tables;
  private final WithheldColumns withheld;
  private final Map<String, String> sharing;

  /**
   * Converts a snapshot.
   *
   * @param version one major version of each product, with the account of the catalog
   * @param access the domain with the tables that the catalog has
   * @param reduced the IDs of grants with withheld columns in any version
   * @param sharing the IDs of grants whose tags for withheld columns other grants share, by the IDs
   *     of these
   */
  MajorVersionAccess(
      PolicySnapshot version,
      DomainAccess access,
      Collection<String> reduced,
      Map<String, String> sharing) {
    this.version = version;
    this.tables = access.tables();
    this.sharing = Map.copyOf(sharing);
    this.withheld = new WithheldColumns(version, reduced, access::isSuspended);
  }

  /**
   * A grant before and after the conversion. Immutable.
   *
   * @param stored as the registry has it
   * @param grant in terms of Lake Formation
   */
  record ConvertedGrant(StoredGrant stored, Grant grant) {}

  /** Returns true for a key that only the mesh sets. */
  static boolean isReserved(String key) {
    return key.startsWith(CatalogAccess.WITHHELD_TAGS);
  }

  /** Returns the tables that the catalog has, with their tags. */
  List<Table> tables() {
    List<Table> described = new ArrayList<>();
    for (TableRights table : version.tables()) {
      major(table)
          .ifPresent(
              major -> {
                Map<String, Map<String, String>> columns = new TreeMap<>();
                withheld
                    .columnTags(table)
                    .forEach((column, tags) -> columns.put(column, converted(tags)));
                described.add(
                    new Table(
                        major.name(),
                        table.columns().stream().map(GlueColumn::of).toList(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(major.location()),
                        converted(withheld.tags(table)),
                        columns));
              });
    }
    return described;
  }

  /** Returns the keys of its tags with their values. */
  Map<String, List<String>> vocabulary() {
    Map<String, List<String>> all = new TreeMap<>(version.allVocabulary());
    all.keySet().removeIf(MajorVersionAccess::isReserved);
    withheld.keys().forEach(key -> all.put(key(key), WithheldColumns.VALUES));
    return all;
  }

  /** Returns the data filters of grants that are active. */
  List<DataFilter> filters(Instant now) {
    List<DataFilter> filters = new ArrayList<>();
    for (StoredGrant remaining : remaining(now)) {
      version
          .filter(remaining)
          .ifPresent(
              filter ->
                  major(remaining)
                      .ifPresent(
                          major ->
                              filters.add(
                                  new DataFilter(
                                      filter.account(),
                                      filter.database(),
                                      major.name(),
                                      filter.name(),
                                      filter.include(),
                                      filter.exclude(),
                                      filter.rows()))));
    }
    return filters;
  }

  /** Returns the active grants, without grants on tables that the catalog does not have. */
  List<ConvertedGrant> grants(Instant now) {
    List<ConvertedGrant> grants = new ArrayList<>();
    for (StoredGrant remaining : remaining(now)) {
      Grant grant = version.grant(remaining);
      resource(remaining, grant.on())
          .ifPresent(
              on ->
                  grants.add(
                      new ConvertedGrant(
                          remaining,
                          new Grant(
                              grant.id(),
                              grant.to(),
                              on,
                              grant.permissions(),
                              grant.grantable(),
                              grant.until(),
                              grant.grantor()))));
    }
    return grants;
  }

  private List<StoredGrant> remaining(Instant now) {
    return version.grants().stream()
        .filter(grant -> grant.isInForce(now) && version.isApplicable(grant))
        .flatMap(grant -> withheld.remaining(grant).stream())
        .toList();
  }

  private Optional<MajorTable> major(StoredGrant grant) {
    return grant.product().flatMap(version::table).flatMap(this::major);
  }

  private Optional<MajorTable> major(TableRights table) {
    return tables.stream().filter(major -> major.isOf(table)).findFirst();
  }

  private Optional<Resource> resource(StoredGrant grant, Resource on) {
    if (on instanceof Resource.TagPolicy policy) {
      return expression(policy.expression())
          .map(where -> new Resource.TagPolicy(on.account(), policy.type(), where));
    } else if (on.table().isEmpty()) {
      return Optional.of(on);
    }
    return major(grant).map(major -> renamed(on, major.name()));
  }

  private static Resource renamed(Resource on, String table) {
    String account = on.account();
    String database = on.database().orElseThrow();
    if (on instanceof Resource.Columns columns) {
      return new Resource.Columns(account, database, table, columns.names());
    } else if (on instanceof Resource.ColumnsExcept columns) {
      return new Resource.ColumnsExcept(account, database, table, columns.names());
    } else if (on instanceof Resource.FilteredTable filtered) {
      return new Resource.FilteredTable(account, database, table, filtered.filter());
    }
    return new Resource.Table(account, database, table);
  }

  /** Returns an expression within the domain; empty if it matches nothing there. */
  private Optional<TagExpression> expression(TagExpression where) {
    if (where.values().keySet().stream().anyMatch(MajorVersionAccess::isReserved)) {
      return Optional.empty();
    }
    Map<String, List<String>> keys = new TreeMap<>();
    where.values().forEach((key, values) -> keys.put(key(key), values));
    List<String> domain = keys.getOrDefault(PolicySnapshot.DOMAIN, List.of(version.domain()));
    keys.put(PolicySnapshot.DOMAIN, List.of(version.domain()));
    return domain.contains(version.domain())
        ? Optional.of(TagExpression.of(keys))
        : Optional.empty();
  }

  private Map<String, String> converted(Map<String, String> tags) {
    Map<String, String> converted = new TreeMap<>();
    tags.forEach(
        (key, value) -> {
          if (!isReserved(key)) {
            converted.put(key(key), value);
          }
        });
    return converted;
  }

  private String key(String key) {
    if (!WithheldColumns.isInternalTag(key)) {
      return key;
    }
    String grant = WithheldColumns.grantOf(key);
    return CatalogAccess.WITHHELD_TAGS + sharing.getOrDefault(grant, grant);
  }
}

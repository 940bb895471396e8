package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.mirror.DatabaseShare.TableReader;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Grantee.Kind;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator.Readable;
import io.meshwork.internal.rights.CatalogAccess;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a catalog shares with each account: the databases that are shared, and the tables that the
 * account or its principals were granted or read, also by LF-Tags. Used by one thread.
 */
final class CatalogShares {
  /** The name of all tables of a database in an ARN. */
  private static final String ALL_TABLES = "*";

  private final String catalog;
  private final AccessEvaluator evaluator;
  private final LakeFormationNames names;
  private final Instant now;
  private final Map<String, List<DatabaseShare>> sharesByAccount = new TreeMap<>();

  /**
   * The shares of a state.
   *
   * @param catalog the account of the catalog, whose databases the evaluated state has
   * @param now the time at which grants must be active
   */
  CatalogShares(String catalog, AccessEvaluator evaluator, LakeFormationNames names, Instant now) {
    this.catalog = catalog;
    this.evaluator = evaluator;
    this.names = names;
    this.now = now;
  }

  /** Collects what is shared of one database. */
  private static final class SharedDatabase {
    private boolean whole;
    private final Set<String> tables = new TreeSet<>();
    private final List<TableReader> readers = new ArrayList<>();
    private final Set<String> viewers = new TreeSet<>();
  }

  /** Returns what is shared with an account, by database. */
  List<DatabaseShare> with(String account) {
    return sharesByAccount.computeIfAbsent(account, this::compute);
  }

  private List<DatabaseShare> compute(String account) {
    Map<String, SharedDatabase> shared = new TreeMap<>();
    Map<String, Grantee> readers = new TreeMap<>();
    for (Grant grant : grants(account)) {
      principalOf(grant).ifPresent(name -> readers.put(name, roleOf(account, grant)));
      grant
          .on()
          .database()
          .ifPresent(
              database ->
                  add(
                      grant,
                      principalOf(grant),
                      shared.computeIfAbsent(database, absent -> new SharedDatabase())));
    }
    readers.forEach(
        (name, reader) -> {
          for (Readable readable : evaluator.listReadable(reader, now)) {
            SharedDatabase database =
                shared.computeIfAbsent(readable.table().in(), absent -> new SharedDatabase());
            database.tables.add(readable.table().name());
            database.readers.add(
                new TableReader(
                    readable.table().name(), name, readable.decision().permission().isAll()));
          }
        });
    List<DatabaseShare> all = new ArrayList<>();
    shared.forEach(
        (name, database) -> {
          if (database.whole || !database.tables.isEmpty()) {
            all.add(
                new DatabaseShare(
                    name, database.whole, database.tables, database.readers, database.viewers));
          }
        });
    return all;
  }

  /** Returns the types of the shares by which the grants of the owner reach an account. */
  Set<ShareType> typesFor(String account) {
    Set<ShareType> types = EnumSet.noneOf(ShareType.class);
    grants(account).stream()
        .filter(grant -> grant.grantor().equals(catalog))
        .forEach(grant -> types.add(ShareType.of(grant.on())));
    for (DatabaseShare share : with(account)) {
      types.add(share.whole() ? ShareType.DATABASE : ShareType.TABLE);
    }
    return types;
  }

  /**
   * Returns what the grants of the owner share with an account, as ends of ARNs of Glue, such as
   * {@code table/commerce/orders_v1}.
   */
  Set<String> resourcesFor(String account) {
    Set<String> resources = new TreeSet<>();
    grants(account).stream()
        .filter(grant -> grant.grantor().equals(catalog))
        .forEach(grant -> resources.add(nameOf(grant.on())));
    for (DatabaseShare share : with(account)) {
      if (share.whole()) {
        resources.add(GlueKey.of(share.database()).resource());
      } else {
        share
            .tables()
            .forEach(table -> resources.add(new GlueKey(share.database(), table).resource()));
      }
    }
    return resources;
  }

  private static String nameOf(Resource on) {
    String database = on.database().orElse("");
    return switch (ShareType.of(on)) {
      case CATALOG -> "catalog";
      case DATABASE -> GlueKey.of(database).resource();
      case TABLE -> new GlueKey(database, on.table().orElse(ALL_TABLES)).resource();
    };
  }

  /** Returns the grants to an account or to principals there, and grants that it creates itself. */
  private List<Grant> grants(String account) {
    return evaluator.state().grants().stream()
        .filter(
            grant ->
                grant.to().equals(CatalogAccess.MESH)
                    || grant.to().account().equals(Optional.of(account)))
        .filter(grant -> !names.grantees(grant).isEmpty())
        .toList();
  }

  /** Returns the principal of a grant; empty if it is to accounts, which only pass it on. */
  private Optional<String> principalOf(Grant grant) {
    Kind kind = grant.to().kind();
    return kind == Kind.PRINCIPAL || kind == Kind.ACCOUNT_PRINCIPALS
        ? Optional.of(names.grantees(grant).get(0))
        : Optional.empty();
  }

  /** Returns a role that has what the grantee has. */
  private static Grantee roleOf(String account, Grant grant) {
    return grant.to().kind() == Kind.PRINCIPAL
        ? grant.to()
        : Grantee.of(Principal.of(account, MirrorSettings.MIRROR));
  }

  private void add(Grant grant, Optional<String> principal, SharedDatabase database) {
    Resource on = grant.on();
    if (on.table().isEmpty()) {
      principal.ifPresent(database.viewers::add);
      database.whole |= grant.grantor().equals(catalog);
    } else if (principal.isEmpty()) {
      database.tables.add(on.table().orElseThrow());
    }
  }
}

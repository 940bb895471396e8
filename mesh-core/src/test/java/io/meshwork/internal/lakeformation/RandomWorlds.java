package io.meshwork.internal.lakeformation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.NamedExpression;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Share;
import io.meshwork.internal.lakeformation.AccessFacts.ShareStatus;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Small worlds in which much happens at once, and questions to them. */
final class RandomWorlds {
  static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");

  static final String A = "111111111111";
  static final String B = "222222222222";
  static final String C = "333333333333";
  static final List<String> ACCOUNTS = List.of(A, B, C);
  static final List<String> ROLES = List.of("r1", "r2", "etl", "admin", "ro");
  private static final List<String> KEYS = List.of("domain", "level");
  private static final List<String> VALUES = List.of("sales", "hr", "open");
  private static final List<String> COLUMNS = List.of("id", "Name", "email");
  private static final List<String> LISTED = List.of("ID", "name", "email", "dt");
  private static final List<String> PLACES =
      List.of("s3://lake", "s3://lake/sales", "s3://lakehouse", "s3://raw");
  private static final List<Permission> ON_TABLES =
      List.of(
          Permission.SELECT,
          Permission.SELECT,
          Permission.SELECT,
          Permission.DESCRIBE,
          Permission.INSERT,
          Permission.ALTER,
          Permission.ALL);
  private static final List<Permission> ON_DATABASES =
      List.of(
          Permission.DESCRIBE,
          Permission.DESCRIBE,
          Permission.CREATE_TABLE,
          Permission.ALTER,
          Permission.ALL);

  private final Random random;

  RandomWorlds(long seed) {
    this.random = new Random(seed);
  }

  AccessState world() {
    AccessState.Builder world = AccessState.builder();
    ACCOUNTS.forEach(id -> world.accounts(account(id)));
    for (String id : ACCOUNTS) {
      for (String role : ROLES) {
        if (chance(30)) {
          world.principals(facts(arn(id, role), id));
        }
      }
    }
    for (String id : ACCOUNTS) {
      for (String key : KEYS) {
        world.tags(new TagKey(id, key, VALUES));
      }
      world.expressions(new NamedExpression(id, "named", expression()));
    }
    world.databases(database(A, "sales", 2), database(A, "hr", 1), database(B, "local", 1));
    for (String table : List.of("orders", "leads")) {
      for (String name : List.of("f1", "f2", "f3")) {
        if (chance(70)) {
          world.filters(filter("sales", table, name));
        }
      }
    }
    world.links(
        new Link(B, Optional.empty(), "sales_link", database("sales"), arn(B, selector(ROLES))),
        new Link(B, Optional.of("local"), "orders_link", table("orders"), arn(B, selector(ROLES))),
        new Link(B, Optional.of("local"), "broken", table("gone"), arn(B, "r1")),
        new Link(
            A,
            Optional.of("sales"),
            "back",
            new Resource.Table(B, "local", "orders"),
            arn(A, "r1")));
    for (String place : PLACES) {
      if (chance(40)) {
        world.locations(new RegisteredLocation(A, place, chance(50)));
      }
    }
    int grants = 3 + random.nextInt(22);
    for (int i = 0; i < grants; i++) {
      world.grants(grant("g" + i));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      world.optIns(new OptIn(optInGrantee(), optInResource()));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      world.shares(new Share(A, selector(List.of(B, C)), selector(List.of(ShareStatus.values()))));
    }
    return world.build();
  }

  private Account account(String id) {
    boolean inside = !id.equals(C) || chance(30);
    Set<String> named = chance(50) ? Set.of(B) : Set.of();
    return new Account(
        id,
        inside ? Optional.of("o-mesh") : Optional.empty(),
        inside ? Set.of("ou-" + id.charAt(0)) : Set.of(),
        Set.of(arn(id, "admin")),
        Set.of(arn(id, "ro")),
        selector(List.of(2, 3, 4, 4, 4)),
        named,
        chance(85));
  }

  private PrincipalFacts facts(String arn, String account) {
    String of = chance(75) ? account : selector(ACCOUNTS);
    List<String> groups =
        chance(50) ? List.of("arn:aws:iam::" + of + ":group/g" + random.nextInt(2)) : List.of();
    return new PrincipalFacts(
        arn, groups, chance(95), chance(80), chance(50) ? List.of(selector(PLACES)) : List.of());
  }

  private Database database(String account, String name, int tables) {
    List<Table> all = new ArrayList<>();
    List<String> names = List.of("orders", "Leads");
    for (int i = 0; i < tables; i++) {
      all.add(table(names.get(i), account));
    }
    return new Database(
        account, name, maybe(30, arn(account, "etl")), maybe(30, place()), tags(60), all);
  }

  private Table table(String name, String account) {
    List<GlueColumn> columns = new ArrayList<>();
    int count = 1 + random.nextInt(COLUMNS.size());
    COLUMNS.subList(0, count).forEach(column -> columns.add(GlueColumn.of(column)));
    Map<String, Map<String, String>> columnTags = new HashMap<>();
    for (String column : COLUMNS.subList(0, count)) {
      if (chance(30)) {
        columnTags.put(column.toUpperCase(Locale.ROOT), tags(70));
      }
    }
    return new Table(
        name,
        columns,
        chance(40) ? List.of("dt") : List.of(),
        maybe(25, arn(chance(70) ? account : B, selector(ROLES))),
        maybe(40, place()),
        tags(50),
        columnTags);
  }

  private String place() {
    return selector(PLACES) + "/x";
  }

  private Map<String, String> tags(int percent) {
    Map<String, String> tags = new HashMap<>();
    for (String key : KEYS) {
      if (chance(percent)) {
        String value = selector(VALUES);
        tags.put(key, chance(20) ? value.toUpperCase(Locale.ROOT) : value);
      }
    }
    return tags;
  }

  private TagExpression expression() {
    Map<String, List<String>> values = new HashMap<>();
    for (String key : KEYS) {
      if (chance(60)) {
        values.put(key, VALUES.subList(0, 1 + random.nextInt(2)));
      }
    }
    return TagExpression.of(values.isEmpty() ? Map.of("domain", VALUES) : values);
  }

  private DataFilter filter(String database, String table, String name) {
    Optional<String> rows = maybe(75, selector(List.of("id = 1", "id = 2", "id  =  1", "x = 3")));
    int kind = random.nextInt(3);
    List<String> list = some(LISTED);
    return new DataFilter(
        A,
        database,
        table,
        name,
        kind == 1 ? Optional.of(list) : Optional.empty(),
        kind == 2 ? Optional.of(list) : Optional.empty(),
        rows.map(WhitespaceNormalizer::collapsed));
  }

  Grant grant(String id) {
    if (chance(8)) {
      return iamGrant(id);
    }
    boolean ofA = chance(80);
    Resource on = ofA ? resource() : local();
    Set<Permission> permissions = permissions(on);
    Set<Permission> grantable = chance(35) ? permissions : Set.of();
    String grantor = on.account();
    Grantee to = grantee();
    if (ofA && chance(35)) {
      grantor = chance(80) ? B : C;
      to = Grantee.of(chance(80) ? arn(grantor, selector(ROLES)) : grantor + ":IAMPrincipals");
    }
    Optional<Instant> until = maybe(10, NOW.plusSeconds(random.nextInt(3) - 1));
    return new Grant(id, to, on, permissions, grantable, until, grantor);
  }

  private Grant iamGrant(String id) {
    Resource on =
        selector(List.of(table("orders"), database("sales"), new Resource.AllTables(A, "sales")));
    return Grant.of(
        id, Grantee.IAM_ALLOWED_PRINCIPALS, on, chance(85) ? Permission.ALL : Permission.DESCRIBE);
  }

  Grantee grantee() {
    return Grantee.of(
        switch (random.nextInt(8)) {
          case 0 -> B;
          case 1 -> chance(50) ? C : A;
          case 2 -> "arn:aws:organizations:::organization/o-mesh";
          case 3 -> "arn:aws:organizations:::ou/o-mesh/ou-2";
          case 4 -> selector(ACCOUNTS) + ":IAMPrincipals";
          case 5 -> "arn:aws:iam::" + selector(ACCOUNTS) + ":group/g" + random.nextInt(2);
          default -> arn(selector(ACCOUNTS), selector(ROLES));
        });
  }

  private Resource resource() {
    String in = chance(80) ? "sales" : "HR";
    String name = chance(60) ? "Orders" : "leads";
    return switch (random.nextInt(12)) {
      case 0 -> new Resource.CatalogResource(A);
      case 1 -> new Resource.Location(A, selector(PLACES));
      case 2 -> new Resource.Database(A, in);
      case 3 -> new Resource.AllTables(A, in);
      case 4 -> new Resource.Columns(A, in, name, some(LISTED));
      case 5 -> new Resource.ColumnsExcept(A, in, name, some(LISTED));
      case 6, 7 -> new Resource.FilteredTable(A, in, name, selector(List.of("f1", "f2", "f3")));
      case 8 -> new Resource.TagPolicy(A, Resource.PolicyType.DATABASE, expression());
      case 9 -> new Resource.TagPolicy(A, Resource.PolicyType.TABLE, expression());
      case 10 -> new Resource.NamedPolicy(A, Resource.PolicyType.TABLE, "named");
      default -> new Resource.Table(A, in, name);
    };
  }

  private Resource local() {
    return selector(
        List.of(
            new Resource.Database(B, "sales_link"),
            new Resource.Database(B, "Sales_Link"),
            new Resource.Table(B, "local", "orders_link"),
            new Resource.AllTables(B, "local"),
            new Resource.Database(B, "local"),
            new Resource.Table(A, "sales", "back")));
  }

  private Set<Permission> permissions(Resource on) {
    Set<Permission> some = EnumSet.noneOf(Permission.class);
    if (on instanceof Resource.CatalogResource) {
      some.add(Permission.CREATE_DATABASE);
    } else if (on instanceof Resource.Location) {
      some.add(Permission.DATA_LOCATION_ACCESS);
    } else if (on instanceof Resource.Columns || on instanceof Resource.ColumnsExcept) {
      some.add(Permission.SELECT);
    } else if (on instanceof Resource.FilteredTable) {
      some.add(chance(90) ? Permission.SELECT : Permission.DESCRIBE);
    } else {
      boolean database =
          on instanceof Resource.Database
              || (on instanceof Resource.TagPolicy policy
                  && policy.type() == Resource.PolicyType.DATABASE);
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        some.add(selector(database ? ON_DATABASES : ON_TABLES));
      }
    }
    return some;
  }

  AccessQuestion question() {
    Grantee principal = principal();
    Resource on =
        switch (random.nextInt(20)) {
          case 0 -> new Resource.CatalogResource(A);
          case 1 -> new Resource.Location(A, selector(PLACES) + (chance(50) ? "/x" : ""));
          case 2, 3, 4 -> database(chance(70) ? "Sales" : chance(80) ? "hr" : "nowhere");
          case 5 -> new Resource.Database(B, "sales_link");
          case 6, 7 ->
              new Resource.Table(B, "sales_link", selector(List.of("orders", "back", "no")));
          case 8 -> new Resource.Table(B, "local", selector(List.of("orders_link", "broken")));
          case 9 -> new Resource.Table(B, "local", "orders");
          default -> table(selector(List.of("orders", "ORDERS", "leads", "orders", "none")));
        };
    Permission action = action(on);
    boolean columns =
        (action == Permission.SELECT || action == Permission.DESCRIBE)
            && on instanceof Resource.Table
            && chance(25);
    Optional<String> location =
        action == Permission.CREATE_TABLE ? maybe(50, place()) : Optional.empty();
    return new AccessQuestion(
        principal,
        action,
        on,
        columns ? some(List.of("ID", "email", "dt", "ghost")) : List.of(),
        location,
        NOW);
  }

  Grantee principal() {
    return Grantee.of(arn(selector(List.of(A, A, B, B, B, C)), selector(ROLES)));
  }

  private Permission action(Resource on) {
    if (on instanceof Resource.CatalogResource) {
      return Permission.CREATE_DATABASE;
    } else if (on instanceof Resource.Location) {
      return Permission.DATA_LOCATION_ACCESS;
    } else if (on instanceof Resource.Database) {
      return selector(
          List.of(
              Permission.DESCRIBE,
              Permission.CREATE_TABLE,
              Permission.CREATE_TABLE,
              Permission.ALTER,
              Permission.DROP));
    }
    return selector(
        List.of(
            Permission.SELECT,
            Permission.SELECT,
            Permission.SELECT,
            Permission.DESCRIBE,
            Permission.DESCRIBE,
            Permission.INSERT,
            Permission.DELETE,
            Permission.ALTER,
            Permission.DROP));
  }

  private Grantee optInGrantee() {
    String account = selector(List.of(A, B));
    return Grantee.of(chance(40) ? account + ":IAMPrincipals" : arn(account, selector(ROLES)));
  }

  private Resource optInResource() {
    return selector(
        List.of(
            table("orders"),
            new Resource.AllTables(A, "sales"),
            new Resource.AllTables(A, "sales"),
            database("sales")));
  }

  static String arn(String account, String role) {
    return "arn:aws:iam::" + account + ":role/" + role;
  }

  private static Resource.Table table(String name) {
    return new Resource.Table(A, "sales", name);
  }

  private static Resource.Database database(String name) {
    return new Resource.Database(A, name);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> Optional<T> maybe(int percent, T value) {
    return chance(percent) ? Optional.of(value) : Optional.empty();
  }

  private <T> T selector(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private List<String> some(List<String> all) {
    List<String> some = new ArrayList<>(all);
    some.removeIf(one -> chance(50));
    return some.isEmpty() ? List.of(selector(all)) : some;
  }
}

package io.meshwork.benchmarks;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A mesh of 100 domains with an account each, 100 products a domain, 10 principals an account. Of
 * 50,000 grants some name products, columns or filters, some go by tags, some share with an account
 * or the organization and some hand on what is shared.
 */
final class MeshOfGrants {
  static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");

  private static final int DOMAINS = 100;
  private static final int PRODUCTS_A_DOMAIN = 100;
  private static final int PRINCIPALS_A_DOMAIN = 10;
  private static final int GRANTS = 50_000;
  private static final List<String> LEVELS = List.of("public", "internal", "confidential");
  private static final String[] COLUMNS = {
    "id",
    "customer",
    "email",
    "country",
    "amount",
    "currency",
    "created_at",
    "status",
    "city",
    "street",
    "phone",
    "note"
  };

  private final Random random;
  private final AccessState.Builder state = AccessState.builder();
  private final List<Resource.Table> products = new ArrayList<>();
  private final List<Grantee> principals = new ArrayList<>();
  private final AccessState built;

  MeshOfGrants(long seed) {
    this.random = new Random(seed);
    for (int domain = 0; domain < DOMAINS; domain++) {
      add(domain);
    }
    for (int grant = 0; grant < GRANTS; grant++) {
      add("g" + grant);
    }
    this.built = state.build();
  }

  private static String account(int domain) {
    return Long.toString(100_000_000_000L + domain);
  }

  private static String database(int domain) {
    return "domain_" + domain;
  }

  private void add(int domain) {
    String account = account(domain);
    state.accounts(
        Account.of(account, "arn:aws:iam::" + account + ":role/admin")
            .in("o-mesh", "ou-" + domain % 5));
    state.tags(
        new TagKey(account, "group", List.of("g0", "g1", "g2", "g3", "g4")),
        new TagKey(account, "level", LEVELS));
    List<Table> tables = new ArrayList<>();
    for (int product = 0; product < PRODUCTS_A_DOMAIN; product++) {
      String name = "product_" + product;
      tables.add(
          Table.of(name, COLUMNS)
              .tags(Map.of("group", "g" + product % 5, "level", LEVELS.get(product % 2)))
              .columnTags(Map.of("email", Map.of("level", "confidential"))));
      products.add(new Resource.Table(account, database(domain), name));
      state.filters(
          new DataFilter(
              account,
              database(domain),
              name,
              "sweden",
              Optional.empty(),
              Optional.empty(),
              Optional.of("country = 'SE'")));
    }
    state.databases(Database.of(account, database(domain), tables.toArray(Table[]::new)));
    for (int principal = 0; principal < PRINCIPALS_A_DOMAIN; principal++) {
      principals.add(Grantee.of("arn:aws:iam::" + account + ":role/role_" + principal));
    }
  }

  private void add(String id) {
    Resource.Table product = products.get(random.nextInt(products.size()));
    Grantee principal = principals.get(random.nextInt(principals.size()));
    String home = principal.account().orElseThrow();
    String owner = product.account();
    switch (random.nextInt(10)) {
      case 0 -> {
        TagExpression some =
            TagExpression.of(
                Map.of("group", List.of("g" + random.nextInt(5)), "level", LEVELS.subList(0, 1)));
        Resource policy = new Resource.TagPolicy(owner, Resource.PolicyType.TABLE, some);
        state.grants(Grant.of(id, principal, policy, Permission.SELECT));
      }
      case 1 -> state.grants(Grant.of(id, Grantee.account(home), product, Permission.SELECT));
      case 2 ->
          state.grants(
              Grant.of(id, principal, product, Permission.SELECT)
                  .madeIn(home.equals(owner) ? owner : home));
      case 3, 4 -> state.grants(Grant.of(id, principal, columns(product), Permission.SELECT));
      case 5, 6 ->
          state.grants(
              Grant.of(
                  id,
                  principal,
                  new Resource.FilteredTable(owner, product.in(), product.name(), "sweden"),
                  Permission.SELECT));
      default -> state.grants(Grant.of(id, principal, product, Permission.SELECT));
    }
  }

  private Resource columns(Resource.Table product) {
    return new Resource.Columns(
        product.account(), product.in(), product.name(), List.of("id", "country", "amount"));
  }

  AccessState state() {
    return built;
  }

  List<Resource.Table> products() {
    return products;
  }

  List<Grantee> principals() {
    return principals;
  }

  /** Half of the questions are about what somebody was granted, half about anything. */
  AccessQuestion question(Random by) {
    Grant grant = built.grants().get(by.nextInt(built.grants().size()));
    boolean granted = by.nextBoolean() && grant.on().table().isPresent();
    Resource.Table product =
        granted
            ? new Resource.Table(
                grant.on().account(),
                grant.on().database().orElseThrow(),
                grant.on().table().orElseThrow())
            : products.get(by.nextInt(products.size()));
    Grantee principal =
        granted && grant.to().kind() == Grantee.Kind.PRINCIPAL
            ? grant.to()
            : principals.get(by.nextInt(principals.size()));
    return AccessQuestion.of(principal, Permission.SELECT, product, NOW);
  }
}

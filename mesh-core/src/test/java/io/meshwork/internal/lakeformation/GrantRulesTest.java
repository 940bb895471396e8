package io.meshwork.internal.lakeformation;

import static io.meshwork.internal.lakeformation.RandomWorlds.A;
import static io.meshwork.internal.lakeformation.RandomWorlds.B;
import static io.meshwork.internal.lakeformation.RandomWorlds.NOW;
import static io.meshwork.internal.lakeformation.RandomWorlds.arn;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessEdit.AddGrant;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules for grants and tags that the golden cases leave out. */
class GrantRulesTest {
  private static final Grantee ADMIN = Grantee.of(arn(A, "admin"));
  private static final Grantee GUEST_ADMIN = Grantee.of(arn(B, "admin"));
  private static final Grantee OWNER = Grantee.of(arn(A, "owner"));
  private static final Grantee ACTOR = Grantee.of(arn(A, "actor"));
  private static final Grantee GUEST = Grantee.of(arn(B, "guest"));
  private static final Grantee READER = Grantee.of(arn(A, "reader"));
  private static final String FIFTY = "v".repeat(50);
  private static final Resource.Database SALES = new Resource.Database(A, "sales");
  private static final Resource.Table ORDERS = new Resource.Table(A, "sales", "orders");
  private static final Resource SOME_LEADS =
      new Resource.FilteredTable(A, "sales", "orders", "some");

  private static AccessState world(AccessEdit... edits) {
    Table orders = Table.of("orders", "id", "email", "country");
    AccessState world =
        AccessState.builder()
            .accounts(
                Account.of(A, ADMIN.id()).in("o-mesh"),
                Account.of(B, GUEST_ADMIN.id()).in("o-mesh"))
            .tags(new TagKey(A, "domain", List.of("sales", "hr", FIFTY)))
            .databases(
                new Database(
                    A,
                    "sales",
                    Optional.of(OWNER.id()),
                    Optional.empty(),
                    Map.of("domain", "sales"),
                    List.of(orders, Table.of("leads", "id").createdBy(GUEST.id()))))
            .filters(
                new DataFilter(
                    A,
                    "sales",
                    "orders",
                    "some",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("id = 1")))
            .links(new Link(A, Optional.of("sales"), "far", ORDERS, OWNER.id()))
            .build();
    return world.after(Arrays.asList(edits));
  }

  private static AddGrant held(Grantee by, Resource on, Permission... permissions) {
    return new AddGrant(Grant.of("held", by, on, permissions).withGrantOption());
  }

  private static String evaluate(AccessState world, Grantee actor, Grant grant) {
    return AccessEvaluator.over(world)
        .mayGrant(actor, grant, NOW)
        .map(FindingCode::name)
        .orElse("ACCEPT");
  }

  private static String evaluate(AccessState world, Grantee actor, Resource on, Permission what) {
    return evaluate(world, actor, Grant.of("n", READER, on, what));
  }

  private static Resource columns(String... names) {
    return new Resource.Columns(A, "sales", "orders", List.of(names));
  }

  @Test
  void aPrincipalHasAtMostAHundredFilterGrantsOnATable() {
    List<AccessEdit> edits = new ArrayList<>();
    for (int i = 0; i < 99; i++) {
      edits.add(new AddGrant(Grant.of("f" + i, READER, SOME_LEADS, Permission.SELECT)));
    }
    AccessState almost = world().after(edits);
    AccessState full = almost.after(List.of(edits.get(0)));

    assertThat(evaluate(almost, ADMIN, SOME_LEADS, Permission.SELECT)).isEqualTo("ACCEPT");
    assertThat(evaluate(full, ADMIN, SOME_LEADS, Permission.SELECT))
        .isEqualTo("TOO_MANY_ROW_GRANTS");
    assertThat(evaluate(full, ADMIN, ORDERS, Permission.SELECT)).isEqualTo("ACCEPT");
    assertThat(evaluate(full, ADMIN, Grant.of("n", ACTOR, SOME_LEADS, Permission.SELECT)))
        .isEqualTo("ACCEPT");
  }

  @Test
  void anExpressionWithoutANameHasAtMostNineHundredBytes() {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 88; i++) {
      values.add("value" + (i < 10 ? "0" + i : i));
    }
    // {"k":[ and ]}, 88 values of nine characters with their quotes, and 87 commas.
    int bytes = 8 + 88 * 9 + 87;
    values.set(0, "v".repeat(7 + 900 - bytes));
    AccessState world = world().toBuilder().tags(new TagKey(A, "k", values)).build();
    Resource fits = policy(values);
    values.set(0, values.get(0) + "v");
    AccessState other = world.toBuilder().tags(new TagKey(A, "k", values)).build();

    assertThat(evaluate(world, ADMIN, fits, Permission.SELECT)).isEqualTo("ACCEPT");
    assertThat(evaluate(other, ADMIN, policy(values), Permission.SELECT))
        .isEqualTo("EXPRESSION_TOO_LARGE");
  }

  private static Resource policy(List<String> values) {
    return new Resource.TagPolicy(
        A, Resource.PolicyType.TABLE, TagExpression.of(Map.of("k", values)));
  }

  @Test
  void structureIsEvaluatedFirst() {
    Grant nothing = new Grant("n", READER, ORDERS, Set.of(), Set.of(), Optional.empty(), A);

    assertThat(evaluate(world(), ACTOR, nothing)).isEqualTo("NOT_APPLICABLE");
    assertThat(evaluate(world(), ACTOR, columns(), Permission.SELECT)).isEqualTo("NOT_APPLICABLE");
    assertThat(evaluate(world(), ACTOR, columns("id.x"), Permission.SELECT))
        .isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world(), ACTOR, columns("x.id"), Permission.SELECT))
        .isEqualTo("UNKNOWN_COLUMN");
    assertThat(
            evaluate(
                world(),
                ADMIN,
                new Resource.NamedPolicy(A, Resource.PolicyType.TABLE, "none"),
                Permission.SELECT))
        .isEqualTo("UNKNOWN_RESOURCE");
    assertThat(
            evaluate(
                world(),
                ADMIN,
                new Resource.FilteredTable(A, "sales", "orders", "Some"),
                Permission.SELECT))
        .isEqualTo("UNKNOWN_RESOURCE");
    assertThat(evaluate(world(), ADMIN, new Resource.AllTables(A, "hr"), Permission.SELECT))
        .isEqualTo("UNKNOWN_RESOURCE");
  }

  @Test
  void theFirstPermissionInTheAlphabetThatIsRefusedDecides() {
    AccessState world = world(held(ACTOR, columns("id"), Permission.SELECT));

    assertThat(evaluate(world, ACTOR, ORDERS, Permission.SELECT)).isEqualTo("COLUMNS_NOT_SUBSET");
    assertThat(
            evaluate(
                world, ACTOR, Grant.of("n", READER, ORDERS, Permission.SELECT, Permission.INSERT)))
        .isEqualTo("NOT_GRANTABLE");
  }

  @Test
  void columnsComeFromOneGrantAndNotFromSeveralTogether() {
    AccessState world =
        world(
            held(ACTOR, columns("id"), Permission.SELECT),
            held(ACTOR, columns("email"), Permission.SELECT));

    assertThat(evaluate(world, ACTOR, columns("ID"), Permission.SELECT)).isEqualTo("ACCEPT");
    assertThat(evaluate(world, ACTOR, columns("id", "email"), Permission.SELECT))
        .isEqualTo("FULL_SELECT_REQUIRED");
    assertThat(evaluate(world, ACTOR, columns("id", "country"), Permission.SELECT))
        .isEqualTo("COLUMNS_NOT_SUBSET");
  }

  @Test
  void theVeryFilterThatIsHeldMayBePassedOnAndNothingElse() {
    AccessState world = world(held(ACTOR, SOME_LEADS, Permission.SELECT));

    assertThat(evaluate(world, ACTOR, SOME_LEADS, Permission.SELECT)).isEqualTo("ACCEPT");
    assertThat(evaluate(world, ACTOR, SOME_LEADS, Permission.DESCRIBE)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world, ACTOR, ORDERS, Permission.SELECT)).isEqualTo("FULL_SELECT_REQUIRED");
  }

  @Test
  void whatIsImpliedMayNotBePassedOn() {
    AccessState world = world(held(ACTOR, ORDERS, Permission.SELECT));
    AccessState all = world(held(ACTOR, ORDERS, Permission.ALL));

    assertThat(evaluate(world, ACTOR, ORDERS, Permission.DESCRIBE)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(all, ACTOR, ORDERS, Permission.DESCRIBE)).isEqualTo("ACCEPT");
    assertThat(evaluate(all, ACTOR, SALES, Permission.DESCRIBE)).isEqualTo("NOT_GRANTABLE");
  }

  @Test
  void aTableOfAGuestIsPassedOnByTheGuestAndItsAdministrator() {
    Resource leads = new Resource.Table(A, "sales", "leads");
    Grantee other = Grantee.of(arn(B, "other"));
    Grant within = Grant.of("n", other, leads, Permission.SELECT).madeIn(B);

    assertThat(evaluate(world(), GUEST, within)).isEqualTo("ACCEPT");
    assertThat(evaluate(world(), GUEST_ADMIN, within)).isEqualTo("ACCEPT");
    assertThat(evaluate(world(), other, within)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world(), OWNER, leads, Permission.SELECT)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world(), GUEST, Grant.of("n", READER, leads, Permission.SELECT).madeIn(B)))
        .isEqualTo("RESHARE_FORBIDDEN");
  }

  @Test
  void aReGrantNeedsAnActiveShare() {
    Grant local = Grant.of("local", GUEST, ORDERS, Permission.SELECT).withGrantOption().madeIn(B);
    Grant next = Grant.of("n", Grantee.of(arn(B, "next")), ORDERS, Permission.SELECT).madeIn(B);
    Grant share = Grant.of("share", Grantee.account(B), ORDERS, Permission.SELECT);
    Grant ofDatabase =
        Grant.of("local", GUEST, SALES, Permission.ALTER).withGrantOption().madeIn(B);
    Grant nextOfDatabase =
        Grant.of("n", Grantee.of(arn(B, "next")), SALES, Permission.ALTER).madeIn(B);

    assertThat(evaluate(world(new AddGrant(local)), GUEST, next)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world(new AddGrant(local), new AddGrant(share)), GUEST, next))
        .as("the account may not hand it on")
        .isEqualTo("NOT_GRANTABLE");
    assertThat(
            evaluate(
                world(new AddGrant(local), new AddGrant(share.withGrantOption())), GUEST, next))
        .isEqualTo("ACCEPT");
    assertThat(evaluate(world(new AddGrant(ofDatabase)), GUEST, nextOfDatabase))
        .isEqualTo("NOT_GRANTABLE");
  }

  @Test
  void whatAnAccountHandsOnIsMeasuredByWhatItHoldsWithGrantOptionNow() {
    Grant older =
        Grant.of(
                "older",
                Grantee.principalsOf(B),
                new Resource.AllTables(A, "sales"),
                Permission.ALL)
            .withGrantOption()
            .madeIn(B);
    Grant share = Grant.of("share", Grantee.account(B), columns("id"), Permission.SELECT);
    Grant next =
        Grant.of("n", Grantee.of(arn(B, "next")), columns("id"), Permission.SELECT).madeIn(B);

    assertThat(evaluate(world(new AddGrant(older), new AddGrant(share)), GUEST, next))
        .isEqualTo("NOT_GRANTABLE");
    assertThat(
            evaluate(
                world(new AddGrant(older), new AddGrant(share.withGrantOption())), GUEST, next))
        .isEqualTo("ACCEPT");
  }

  @Test
  void whatAnAccountHandsOnByTagsIsMeasuredByWhatItHoldsWithGrantOptionNow() {
    Grant older =
        Grant.of("older", GUEST, byDomain("sales"), Permission.SELECT).withGrantOption().madeIn(B);
    Grant share = Grant.of("share", Grantee.account(B), byDomain("sales"), Permission.SELECT);
    Grant next =
        Grant.of("n", Grantee.of(arn(B, "next")), byDomain("sales"), Permission.SELECT).madeIn(B);

    assertThat(evaluate(world(new AddGrant(older)), GUEST, next)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world(new AddGrant(older), new AddGrant(share)), GUEST, next))
        .isEqualTo("NOT_GRANTABLE");
    assertThat(
            evaluate(
                world(new AddGrant(older), new AddGrant(share.withGrantOption())), GUEST, next))
        .isEqualTo("ACCEPT");
  }

  @Test
  void aListOfColumnsIsIndependentOfGrantsOfAnotherAccount() {
    Grant wide = Grant.of("wide", GUEST, ORDERS, Permission.INSERT);
    Grant list = Grant.of("n", GUEST, columns("id"), Permission.SELECT);
    Grant share =
        Grant.of("share", Grantee.account(B), ORDERS, Permission.SELECT).withGrantOption();
    AccessState world = world(new AddGrant(wide), new AddGrant(share));

    assertThat(evaluate(world, ADMIN, list)).isEqualTo("PARTIAL_SELECT_CONFLICT");
    assertThat(evaluate(world, GUEST_ADMIN, list.madeIn(B))).isEqualTo("ACCEPT");
  }

  @Test
  void whoMayGrantByAllValuesOfATagGrantsByExpressionsOverThem() {
    Resource tag = new Resource.TagValues(A, "domain", List.of("sales"));
    AccessState world = world(held(ACTOR, tag, Permission.GRANT_WITH_LF_TAG_EXPRESSION));

    assertThat(evaluate(world, ACTOR, byDomain("sales"), Permission.SELECT)).isEqualTo("ACCEPT");
    assertThat(evaluate(world, ACTOR, byDomain("sales", "hr"), Permission.SELECT))
        .isEqualTo("NOT_GRANTABLE");
  }

  private static Resource byDomain(String... values) {
    return new Resource.TagPolicy(A, Resource.PolicyType.TABLE, TagExpression.of("domain", values));
  }

  @Test
  void theCreatorOfALinkPassesItOnWithinTheAccount() {
    Resource link = new Resource.Table(A, "sales", "far");

    assertThat(evaluate(world(), OWNER, link, Permission.DROP)).isEqualTo("ACCEPT");
    assertThat(evaluate(world(), ACTOR, link, Permission.DROP)).isEqualTo("NOT_GRANTABLE");
    assertThat(evaluate(world(), OWNER, link, Permission.SELECT)).isEqualTo("NOT_APPLICABLE");
    assertThat(evaluate(world(), OWNER, Grant.of("n", GUEST, link, Permission.DESCRIBE)))
        .isEqualTo("LINK_NOT_SHAREABLE");
    Grant beside = Grant.of("b", GUEST, new Resource.AllTables(A, "sales"), Permission.DROP);
    Grant next =
        Grant.of("n", Grantee.of("arn:aws:iam::" + B + ":role/next"), link, Permission.DROP);
    assertThat(evaluate(world(new AddGrant(beside.withGrantOption())), GUEST, next.madeIn(B)))
        .as("links belong to their own account")
        .isEqualTo("NOT_GRANTABLE");
  }

  @Test
  void whatTakesAPermissionTakesItsGrantOption() {
    AccessState world =
        world(
            held(ACTOR, ORDERS, Permission.SELECT, Permission.ALTER),
            new AccessEdit.Revoke("held", Set.of(Permission.SELECT), Set.of()));

    assertThat(evaluate(world, ACTOR, ORDERS, Permission.ALTER)).isEqualTo("ACCEPT");
    assertThat(evaluate(world, ACTOR, ORDERS, Permission.SELECT)).isEqualTo("NOT_GRANTABLE");
    assertThat(world.grants().get(0).grantable()).containsExactly(Permission.ALTER);
  }

  @Test
  void tagsHaveAtMostFiftyCharactersAndAreDefined() {
    AccessEvaluator evaluator = AccessEvaluator.over(world());

    assertThat(tag(evaluator, ADMIN, SALES, FIFTY)).isEqualTo("ACCEPT");
    assertThat(tag(evaluator, ADMIN, SALES, FIFTY + "v")).isEqualTo("TAG_LENGTH");
    assertThat(tag(evaluator, ADMIN, SALES, "none")).isEqualTo("TAG_UNDEFINED");
    assertThat(tag(evaluator, ADMIN, new Resource.Table(A, "sales", "far"), "hr"))
        .isEqualTo("TAG_ON_LINK");
    assertThat(tag(evaluator, ADMIN, columns("ghost"), "hr")).isEqualTo("UNKNOWN_RESOURCE");
    assertThat(evaluator.mayTag(ADMIN, SALES, Map.of("domain", List.of()), Optional.empty(), NOW))
        .contains(FindingCode.MULTIPLE_VALUES);
  }

  @Test
  void whoTagsHoldsTheTagAndAllOfTheResource() {
    Resource tag = new Resource.TagValues(A, "domain", List.of("hr"));
    AddGrant associate = held(ACTOR, tag, Permission.ASSOCIATE);
    Permission[] most = {
      Permission.ALTER, Permission.DELETE, Permission.DESCRIBE, Permission.DROP, Permission.INSERT
    };
    AddGrant select = held(ACTOR, ORDERS, Permission.SELECT);
    AddGrant database =
        held(ACTOR, SALES, Permission.DESCRIBE, Permission.CREATE_TABLE, Permission.ALTER);

    assertThat(tag(world(held(ACTOR, ORDERS, most), select), ORDERS))
        .isEqualTo("ASSOCIATE_REQUIRED");
    assertThat(tag(world(associate, held(ACTOR, ORDERS, most)), ORDERS))
        .isEqualTo("RESOURCE_PERMISSION_REQUIRED");
    assertThat(tag(world(associate, held(ACTOR, ORDERS, most), select), ORDERS))
        .isEqualTo("ACCEPT");
    assertThat(tag(world(associate, held(ACTOR, ORDERS, most), select), columns("id")))
        .isEqualTo("ACCEPT");
    assertThat(tag(world(associate, database), SALES)).isEqualTo("RESOURCE_PERMISSION_REQUIRED");
    assertThat(tag(world(associate, database, held(ACTOR, SALES, Permission.DROP)), SALES))
        .isEqualTo("ACCEPT");
    assertThat(
            tag(
                AccessEvaluator.over(world(held(OWNER, tag, Permission.ASSOCIATE))),
                OWNER,
                SALES,
                "hr"))
        .isEqualTo("ACCEPT");
  }

  @Test
  void aGuestTagsWithWhatIsSharedAndHandedOn() {
    Resource tag = new Resource.TagValues(A, "domain", List.of("hr"));
    Grantee account = Grantee.account(B);
    AddGrant tagShared = new AddGrant(Grant.of("s1", account, tag, Permission.ASSOCIATE));
    AddGrant tagHeld = new AddGrant(Grant.of("l1", GUEST, tag, Permission.ASSOCIATE).madeIn(B));
    Grant share = Grant.of("s2", account, ORDERS, Permission.ALL);
    AddGrant shared = new AddGrant(share.withGrantOption());
    Grant local = Grant.of("l2", GUEST, ORDERS, Permission.ALL).madeIn(B);
    AddGrant held = new AddGrant(local.withGrantOption());
    AddGrant direct = new AddGrant(Grant.of("d", GUEST, ORDERS, Permission.ALL).withGrantOption());

    assertThat(guestTags(tagHeld, shared, held)).isEqualTo("ASSOCIATE_REQUIRED");
    assertThat(guestTags(tagShared, shared, held)).isEqualTo("ASSOCIATE_REQUIRED");
    assertThat(guestTags(tagShared, tagHeld, held)).isEqualTo("RESOURCE_PERMISSION_REQUIRED");
    assertThat(guestTags(tagShared, tagHeld, shared)).isEqualTo("RESOURCE_PERMISSION_REQUIRED");
    assertThat(guestTags(tagShared, tagHeld, shared, new AddGrant(local)))
        .isEqualTo("RESOURCE_PERMISSION_REQUIRED");
    assertThat(guestTags(tagShared, tagHeld, new AddGrant(share), held))
        .as("the account has no grant option, so that of its role is void")
        .isEqualTo("RESOURCE_PERMISSION_REQUIRED");
    assertThat(guestTags(tagShared, tagHeld, shared, held)).isEqualTo("ACCEPT");
    assertThat(guestTags(tagShared, tagHeld, direct)).isEqualTo("ACCEPT");
  }

  private static String guestTags(AccessEdit... edits) {
    return tag(AccessEvaluator.over(world(edits)), GUEST, ORDERS, "hr");
  }

  @Test
  void whatIsNotThereIsNotTagged() {
    AccessEvaluator evaluator = AccessEvaluator.over(world());

    assertThat(tag(evaluator, ADMIN, new Resource.Table(A, "sales", "gone"), "hr"))
        .isEqualTo("UNKNOWN_RESOURCE");
    assertThat(tag(evaluator, ADMIN, new Resource.Database(A, "gone"), "hr"))
        .isEqualTo("UNKNOWN_RESOURCE");
  }

  private static String tag(AccessState world, Resource on) {
    return tag(AccessEvaluator.over(world), ACTOR, on, "hr");
  }

  private static String tag(AccessEvaluator evaluator, Grantee actor, Resource on, String value) {
    return evaluator
        .mayTag(actor, on, Map.of("domain", List.of(value)), Optional.empty(), NOW)
        .map(FindingCode::name)
        .orElse("ACCEPT");
  }
}

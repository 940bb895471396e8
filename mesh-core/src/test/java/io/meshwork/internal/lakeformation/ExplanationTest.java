package io.meshwork.internal.lakeformation;

import static io.meshwork.internal.lakeformation.RandomWorlds.A;
import static io.meshwork.internal.lakeformation.RandomWorlds.B;
import static io.meshwork.internal.lakeformation.RandomWorlds.NOW;
import static io.meshwork.internal.lakeformation.RandomWorlds.arn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessEdit.AddGrant;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.lakeformation.evaluation.Explanation;
import io.meshwork.internal.lakeformation.evaluation.Explanation.MissingPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Grantee READER = Grantee.of(arn(A, "reader"));
  private static final Grantee GUEST = Grantee.of(arn(B, "guest"));
  private static final Resource.Table ORDERS = new Resource.Table(A, "sales", "orders");

  private static AccessState world() {
    return AccessState.builder()
        .accounts(
            Account.of(A, arn(A, "admin")).in("o-mesh"),
            Account.of(B, arn(B, "admin")).in("o-mesh"))
        .tags(new TagKey(A, "domain", List.of("sales", "hr")))
        .databases(
            Database.of(A, "sales", Table.of("orders", "id", "email").createdBy(arn(A, "etl")))
                .tags(Map.of("domain", "sales")))
        .build();
  }

  private static Explanation explain(AccessState world, AccessQuestion question) {
    return AccessEvaluator.over(world).decide(question).explanation();
  }

  private static AccessQuestion select(Grantee principal) {
    return AccessQuestion.of(principal, Permission.SELECT, ORDERS, NOW);
  }

  @Test
  void whereNothingIsGrantedTheOwnersAdministratorAndTheCreatorCanGrantIt() {
    Explanation explanation = explain(world(), select(READER).columns(List.of("ID")));

    assertThat(explanation.missing())
        .extracting(MissingPermission::what, MissingPermission::whoCanGive)
        .containsExactly(
            tuple(Denial.of(DenialCode.NO_GRANT), List.of(arn(A, "admin"), arn(A, "etl"))));
    assertThat(explanation.change())
        .containsExactly(
            new AddGrant(
                Grant.of(
                    "proposed-1",
                    READER,
                    new Resource.Columns(A, "sales", "orders", List.of("id")),
                    Permission.SELECT)));
    assertThat(explanation).asString().contains("NO_GRANT", "ask " + arn(A, "admin"));
  }

  @Test
  void whatIsSharedWithAnAccountItsAdministratorCanHandOn() {
    AccessState world =
        world()
            .after(
                List.of(
                    new AddGrant(
                        Grant.of("share", Grantee.account(B), ORDERS, Permission.SELECT)
                            .withGrantOption())));

    Explanation explanation = explain(world, select(GUEST));

    assertThat(explanation.missing())
        .extracting(MissingPermission::what, MissingPermission::whoCanGive)
        .containsExactly(tuple(Denial.of(DenialCode.LOCAL_GRANT), List.of(arn(B, "admin"))));
    assertThat(explanation.change())
        .containsExactly(
            new AddGrant(Grant.of("proposed-1", GUEST, ORDERS, Permission.SELECT).madeIn(B)));
  }

  @Test
  void aGrantThatCannotStandBesideAListOfColumnsTakesTheListAway() {
    Resource list = new Resource.Columns(A, "sales", "orders", List.of("id"));
    AccessState world =
        world().after(List.of(new AddGrant(Grant.of("list", READER, list, Permission.SELECT))));
    Grant insert = Grant.of("proposed-1", READER, ORDERS, Permission.INSERT);
    Grantee admin = Grantee.of(arn(A, "admin"));

    List<AccessEdit> change =
        explain(world, AccessQuestion.of(READER, Permission.INSERT, ORDERS, NOW)).change();

    assertThat(AccessEvaluator.over(world).mayGrant(admin, insert, NOW))
        .contains(FindingCode.PARTIAL_SELECT_CONFLICT);
    assertThat(change).containsExactly(AccessEdit.Revoke.all("list"), new AddGrant(insert));
    assertThat(
            AccessEvaluator.over(world.after(change.subList(0, 1)))
                .mayGrant(admin, insert, NOW)
                .isEmpty())
        .isTrue();
  }

  @Test
  void whatDoesNotExistCannotBeGranted() {
    Resource.Table gone = new Resource.Table(A, "sales", "gone");
    AccessQuestion absent = AccessQuestion.of(READER, Permission.SELECT, gone, NOW);
    AccessState granted =
        world().after(List.of(new AddGrant(Grant.of("g", READER, ORDERS, Permission.SELECT))));

    assertThat(explain(world(), absent).missing())
        .extracting(MissingPermission::what, MissingPermission::whoCanGive)
        .containsExactly(tuple(Denial.of(DenialCode.UNKNOWN_RESOURCE), List.of()));
    assertThat(explain(world(), absent).change()).isEmpty();
    assertThat(explain(granted, select(READER).columns(List.of("ghost"))).change()).isEmpty();
  }

  @Test
  void aTagPolicySaysByWhichTagsItMatched() {
    Resource policy =
        new Resource.TagPolicy(
            A, Resource.PolicyType.TABLE, TagExpression.of("domain", "sales", "hr"));
    AccessState world =
        world()
            .after(
                List.of(
                    new AddGrant(Grant.of("policy", READER, policy, Permission.SELECT)),
                    new AccessEdit.SetTags(
                        new Resource.Columns(A, "sales", "orders", List.of("email")),
                        Map.of("domain", "hr"))));

    Explanation explanation = explain(world, select(READER));

    assertThat(explanation.reasons()).hasSize(1);
    assertThat(explanation.reasons().get(0).id()).isEqualTo("policy");
    assertThat(explanation.reasons().get(0).tags())
        .containsExactly("domain=hr (column email)", "domain=sales (database)");
  }

  @Test
  void theChangeAllowsItWithNothingTooMuchAndSomebodyCouldMakeIt() {
    int changes = 0;
    int given = 0;
    for (long seed = 1; seed <= 150; seed++) {
      RandomWorlds worlds = new RandomWorlds(seed);
      AccessState world = worlds.world();
      AccessEvaluator evaluator = AccessEvaluator.over(world);
      for (int i = 0; i < 10; i++) {
        AccessQuestion question = worlds.question();
        AccessDecision decision = evaluator.decide(question);
        if (decision.allowed()) {
          assertThat(decision.explanation().reasons())
              .as("seed %s, %s", seed, question)
              .extracting(Explanation.Reason::id)
              .containsAll(decision.matched());
          continue;
        }
        Explanation explanation = decision.explanation();
        String what = "seed " + seed + ", " + question + ", " + explanation.change();
        assertThat(explanation.missing())
            .as(what)
            .extracting(MissingPermission::what)
            .containsExactlyElementsOf(decision.missing());
        given += explanation.missing().stream().mapToInt(it -> it.whoCanGive().size()).sum();
        if (!explanation.change().isEmpty()) {
          changes++;
          assertThat(widened(question, explanation.change())).as(what).isEmpty();
          assertThat(works(evaluator, explanation.change(), question)).as(what).isTrue();
          for (AccessEdit edit : explanation.change()) {
            List<AccessEdit> others = new ArrayList<>(explanation.change());
            others.remove(edit);
            assertThat(works(evaluator, others, question)).as(what + " without " + edit).isFalse();
          }
        }
      }
    }
    assertThat(changes).isGreaterThan(300);
    assertThat(given).isGreaterThan(300);
  }

  /** Grants on all of a database, or on all of a catalog, to one who asks for a table. */
  private static List<Resource> widened(AccessQuestion question, List<AccessEdit> edits) {
    return edits.stream()
        .filter(AddGrant.class::isInstance)
        .map(edit -> ((AddGrant) edit).grant().on())
        .filter(on -> question.on().table().isPresent() && on.table().isEmpty())
        .filter(on -> !(on instanceof Resource.Location))
        .filter(on -> !isLink(on))
        .toList();
  }

  /** A right on a link to a database does not apply to its data. */
  private static boolean isLink(Resource on) {
    return on instanceof Resource.Database && on.account().equals(B);
  }

  /** True if somebody can make each grant in its turn, and the answer is yes then. */
  private static boolean works(
      AccessEvaluator evaluator, List<AccessEdit> edits, AccessQuestion question) {
    for (int i = 0; i < edits.size(); i++) {
      if (edits.get(i) instanceof AddGrant add) {
        AccessEvaluator before = evaluator.after(edits.subList(0, i));
        String account = add.grant().grantor();
        // A group that may hand on stands for its members.
        Stream<String> groups =
            Stream.of("g0", "g1").map(group -> "arn:aws:iam::" + account + ":group/" + group);
        Stream<String> roles = RandomWorlds.ROLES.stream().map(role -> arn(account, role));
        if (Stream.concat(roles, groups)
            .map(Grantee::of)
            .noneMatch(actor -> before.mayGrant(actor, add.grant(), NOW).isEmpty())) {
          return false;
        }
      }
    }
    return evaluator.after(edits).decide(question).allowed();
  }
}

package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.governance.AccessReview;
import io.meshwork.governance.Audit.Checkpoint;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.product.Principal;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Access reviews list unused grants, and checkpoints prove what the logs contained. */
public abstract class AccessReviewsSuite extends PeopleFixture {
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal TRAINEE = Principal.of("finance", "trainee");

  @Test
  void aReviewListsUnusedGrants() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    shop.grant(ORDERS).to(ANALYST).because("Revenue").commit();
    shop.grant(ORDERS)
        .columns("id")
        .to(TRAINEE)
        .until(clock.instant().plus(Duration.ofDays(100)))
        .because("Learning")
        .commit();
    clock.advance(Duration.ofDays(90));
    all(mesh.clientAs(ANALYST).read(ORDERS).columns("id", "amount"));

    AccessReview review = shop.governance().accessReview("commerce");

    assertThat(review.entries()).hasSize(2);
    assertThat(review.unusedFor(Duration.ofDays(30)))
        .extracting(entry -> entry.grant().to())
        .containsExactly(TRAINEE.toString());
    assertThat(review.unusedFor(Duration.ofDays(91))).isEmpty();
    assertThat(review.expiringWithin(Duration.ofDays(14)))
        .extracting(entry -> entry.grant().to())
        .containsExactly(TRAINEE.toString());
    assertThat(review.expiringWithin(Duration.ofDays(7))).isEmpty();
    assertThat(review.broaderThanUsed())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.grant().to()).isEqualTo(ANALYST.toString());
              assertThat(entry.lastUsed()).contains(clock.instant());
              assertThat(entry.unusedColumns()).isNotEmpty().doesNotContain("id", "amount");
            });
    assertThat(review.toString())
        .contains("last used", "never", ANALYST.toString(), TRAINEE.toString());
    assertThatThrownBy(() -> as("finance").governance().accessReview("commerce"))
        .isInstanceOf(AccessDeniedException.class);

    shop.revoke(AccessReview.ids(review.unusedFor(Duration.ofDays(30)))).because("Unused").commit();
    assertThat(shop.governance().accessReview("commerce").entries()).hasSize(1);
  }

  /** Defines orders without any grants. */
  private MeshClient shopToReview() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  @Test
  void aRecreatedGrantHasItsNewAge() {
    MeshClient shop = shopToReview();
    String id = shop.grant(ORDERS).to(ANALYST).because("Revenue").commit().get(0).id();
    all(mesh.clientAs(ANALYST).read(ORDERS));
    shop.revoke(id).commit();
    clock.advance(Duration.ofDays(100));
    assertThat(shop.grant(ORDERS).to(ANALYST).because("Revenue").commit().get(0).id())
        .isEqualTo(id);
    Instant createdAt = clock.instant();
    clock.advance(Duration.ofDays(1));
    shop.grant(ORDERS).to(ANALYST).because("Revenue of the year").commit();

    AccessReview review = shop.governance().accessReview("commerce");
    assertThat(review.entries())
        .singleElement()
        .extracting(AccessReview.Entry::made)
        .isEqualTo(Optional.of(createdAt));
    assertThat(review.unusedFor(Duration.ofDays(90))).isEmpty();
    assertThat(review.unusedFor(Duration.ofDays(1))).hasSize(1);
  }

  @Test
  void aReviewShowsWhenBatchedAndApprovedGrantsWereCreated() {
    MeshClient shop = shopToReview();
    String requestId =
        as("finance")
            .requests()
            .requestAccess(ORDERS)
            .columns("id")
            .purpose("Revenue")
            .commit()
            .id();
    shop.requests().approve(requestId).because("Agreed").commit();
    shop.access()
        .plan(
            shop.grant(ORDERS).to(ANALYST).because("Revenue"),
            shop.grant(ORDERS).columns("id").to(TRAINEE).because("Learning"))
        .commit();

    AccessReview review = shop.governance().accessReview("commerce");
    assertThat(review.entries())
        .hasSize(3)
        .extracting(AccessReview.Entry::made)
        .containsOnly(Optional.of(clock.instant()));
    assertThat(review.unusedFor(Duration.ofDays(1))).isEmpty();
    assertThat(review.toString()).contains("made", clock.instant().toString());
  }

  @Test
  void aGrantWithoutALogEntryIsUnknownAndNotUnused() {
    MeshClient shop = shopToReview();
    GrantSummary grant = shop.grant(ORDERS).to(ANALYST).because("Revenue").commit().get(0);
    AccessReview review =
        new AccessReview(
            "commerce",
            clock.instant(),
            List.of(new AccessReview.Entry(grant, Optional.empty(), Optional.empty(), List.of())),
            List.of());

    assertThat(review.unusedFor(Duration.ZERO)).isEmpty();
    assertThat(review.toString()).contains("unknown", "never");
  }

  @Test
  void onlyReadsByTheGranteeCountAsUse() {
    MeshClient shop = shopToReview();
    shop.grant(ORDERS).toAccounts("finance").because("Revenue").commit();
    all(shop.read(ORDERS));

    assertThat(shop.governance().accessReview("commerce").entries())
        .singleElement()
        .extracting(AccessReview.Entry::lastUsed)
        .isEqualTo(Optional.empty());
    shop.grant(ORDERS).to(ANALYST).because("Revenue").commit();
    clock.advance(Duration.ofMinutes(1));
    all(mesh.clientAs(ANALYST).read(ORDERS));
    assertThat(shop.governance().accessReview("commerce").entries())
        .hasSize(2)
        .extracting(AccessReview.Entry::lastUsed)
        .containsOnly(Optional.of(clock.instant()));
  }

  @Test
  void aPassedOnGrantIsUsedByReadsOfTheGrantee() {
    MeshClient shop = shopToReview();
    MeshClient finance = as("finance");
    shop.grantDomain("commerce")
        .toAccounts("finance")
        .withGrantOption()
        .because("They share it among themselves")
        .commit();
    finance.grantDomain("commerce").to(ANALYST).because("Revenue").commit();
    clock.advance(Duration.ofDays(100));
    all(mesh.clientAs(ANALYST).read(ORDERS));

    AccessReview review = finance.governance().accessReview("finance");
    assertThat(review.entries())
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(entry.made()).isPresent())
        .extracting(AccessReview.Entry::lastUsed)
        .containsOnly(Optional.of(clock.instant()));
    assertThat(review.unusedFor(Duration.ofDays(90))).isEmpty();
  }

  private AccessReview.Entry reviewed(GrantSummary grant) {
    return shop().governance().accessReview("commerce").entries().stream()
        .filter(entry -> entry.grant().id().equals(grant.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aColumnThatWasRenamedStaysUsedAndAnotherOneOfItsNameIsNot() {
    MeshClient shop = shopOfPeople();
    GrantSummary first =
        shop.grant(PEOPLE).columns("id", "email").to(ANALYST).because("Mail").commit().get(0);
    clock.advance(Duration.ofDays(1));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("email"));
    assertThat(reviewed(first).unusedColumns()).containsExactly("id");

    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).commit();
    shop.amendContract(PEOPLE, people("id", "mail", "country", "email")).commit();
    GrantSummary second = shop.grant(PEOPLE).to(TRAINEE).because("Learning").commit().get(0);
    clock.advance(Duration.ofDays(1));
    all(mesh.clientAs(TRAINEE).read(PEOPLE).columns("id", "mail"));

    assertThat(reviewed(first).unusedColumns()).containsExactly("id");
    assertThat(reviewed(second).unusedColumns()).containsExactly("country", "email");
  }

  @Test
  void aReadOfAColumnCountsForNoGrantOnAnotherOneOfItsFormerName() {
    MeshClient shop = shopOfPeople();
    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).commit();
    shop.amendContract(PEOPLE, people("id", "mail", "country", "email")).commit();
    GrantSummary newer =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Mail").commit().get(0);
    GrantSummary others =
        shop.grant(PEOPLE).exceptColumns("email").to(ANALYST).because("Tax").commit().get(0);
    clock.advance(Duration.ofDays(1));

    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("mail"));

    assertThat(reviewed(newer).lastUsed()).isEmpty();
    assertThat(reviewed(others).lastUsed()).contains(clock.instant());
  }

  @Test
  void readsBeforeAGrantWasMadeDoNotCountForIt() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id", "email").to(ANALYST).because("Mail").commit();
    all(mesh.clientAs(ANALYST).read(PEOPLE));
    clock.advance(Duration.ofDays(1));
    GrantSummary later =
        shop.grant(PEOPLE).columns("country", "email").to(ANALYST).because("Tax").commit().get(0);
    assertThat(reviewed(later).lastUsed()).isEmpty();
    assertThat(reviewed(later).unusedColumns()).containsExactly("email", "country");

    clock.advance(Duration.ofDays(1));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("id", "country"));

    assertThat(reviewed(later).lastUsed()).contains(clock.instant());
    assertThat(reviewed(later).unusedColumns()).containsExactly("email");
  }

  @Test
  void aReadOfOtherColumnsDoesNotCountForAGrant() {
    MeshClient shop = shopOfPeople();
    GrantSummary mail =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Mail").commit().get(0);
    GrantSummary tax =
        shop.grant(PEOPLE).columns("id", "country").to(ANALYST).because("Tax").commit().get(0);
    clock.advance(Duration.ofDays(100));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("country"));

    assertThat(reviewed(mail).lastUsed()).isEmpty();
    assertThat(reviewed(tax).lastUsed()).contains(clock.instant());
    assertThat(shop.governance().accessReview("commerce").unusedFor(Duration.ofDays(90)))
        .extracting(entry -> entry.grant().id())
        .containsExactly(mail.id());
  }

  @Test
  void aReadKeepsItsTimeAfterTheDomainReadOtherColumnsOnALaterDay() {
    MeshClient shop = shopOfPeople();
    GrantSummary mail =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Mail").commit().get(0);
    shop.grant(PEOPLE).columns("country").to(ANALYST).because("Tax").commit();
    clock.advance(Duration.ofHours(1));
    Instant used = clock.instant();
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("email"));

    clock.advance(Duration.ofDays(2));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("country"));

    assertThat(reviewed(mail).lastUsed()).contains(used);
  }

  @Test
  void aReadOfTheSameDayBeforeAGrantWasMadeDoesNotCountForIt() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id", "email").to(ANALYST).because("Mail").commit();
    all(mesh.clientAs(ANALYST).read(PEOPLE));
    clock.advance(Duration.ofHours(2));
    GrantSummary later =
        shop.grant(PEOPLE).columns("country", "email").to(ANALYST).because("Tax").commit().get(0);
    clock.advance(Duration.ofHours(2));

    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("country"));

    assertThat(reviewed(later).lastUsed()).contains(clock.instant());
    assertThat(reviewed(later).unusedColumns()).containsExactly("email");
  }

  @Test
  void readsOfOtherColumnsByTwoRolesOfADomainDoNotCountForAGrant() {
    MeshClient shop = shopOfPeople();
    GrantSummary mail =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Mail").commit().get(0);
    shop.grant(PEOPLE).columns("country").to(ANALYST, TRAINEE).because("Tax").commit();
    clock.advance(Duration.ofHours(1));

    all(mesh.clientAs(TRAINEE).read(PEOPLE).columns("country"));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("country"));

    assertThat(reviewed(mail).lastUsed()).isEmpty();
  }

  @Test
  void readsAfterAGrantEndedDoNotCountForIt() {
    MeshClient shop = shopOfPeople();
    Instant end = clock.instant().plus(Duration.ofMinutes(90));
    GrantSummary ended =
        shop.grant(PEOPLE)
            .columns("id", "email")
            .to(ANALYST)
            .until(end)
            .because("Mail")
            .commit()
            .get(0);
    shop.grant(PEOPLE).columns("email", "country").to(ANALYST).because("Tax").commit();
    clock.advance(Duration.ofMinutes(80));
    Instant used = clock.instant();
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("id"));
    assertThat(shop.governance().accessReview("commerce").expiringWithin(Duration.ofDays(1)))
        .hasSize(1);

    clock.advance(Duration.ofMinutes(60));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("email"));
    clock.advance(Duration.ofDays(100));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("email"));

    AccessReview review = shop.governance().accessReview("commerce");
    assertThat(reviewed(ended).lastUsed()).contains(used);
    assertThat(reviewed(ended).unusedColumns()).containsExactly("email");
    assertThat(review.unusedFor(Duration.ofDays(90)))
        .extracting(entry -> entry.grant().id())
        .containsExactly(ended.id());
    assertThat(review.expiringWithin(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void aGrantIsNotUsedBeforeItWasMadeIfItEndedInTheSameHour() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id", "country").to(ANALYST).because("Tax").commit();
    clock.advance(Duration.between(clock.instant(), nextHour()));
    for (int read = 0; read < 2; read++) { // the first read of an hour is counted alone
      all(mesh.clientAs(ANALYST).read(PEOPLE).columns("id"));
      clock.advance(Duration.ofMinutes(5));
    }
    Instant made = clock.instant();
    GrantSummary brief =
        shop.grant(PEOPLE)
            .columns("id", "email")
            .to(ANALYST)
            .until(made.plus(Duration.ofMinutes(10)))
            .because("Mail")
            .commit()
            .get(0);
    clock.advance(Duration.ofMinutes(5));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("id"));
    clock.advance(Duration.ofMinutes(15));
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("id"));

    AccessReview.Entry reviewed = reviewed(brief);
    assertThat(reviewed.lastUsed().orElseThrow())
        .isBetween(reviewed.made().orElseThrow(), made.plus(Duration.ofMinutes(10)));
  }

  private Instant nextHour() {
    return clock.instant().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(1));
  }

  @Test
  void allThatOneRoleMayReadIsNotAllThatItsAccountMayRead() {
    MeshClient shop = shopOfPeople();
    GrantSummary share =
        shop.grant(PEOPLE)
            .toAccounts("finance")
            .withGrantOption()
            .because("They share it")
            .commit()
            .get(0);
    as("finance").grant(PEOPLE).columns("id").to(TRAINEE).because("Learning").commit();
    clock.advance(Duration.ofDays(1));

    all(mesh.clientAs(TRAINEE).read(PEOPLE));

    assertThat(reviewed(share).lastUsed()).contains(clock.instant());
    assertThat(reviewed(share).unusedColumns()).containsExactly("email", "country");
  }

  @Test
  void aColumnStaysUsedAfterItsProductEnded() {
    MeshClient shop = shopOfPeople();
    GrantSummary grant =
        shop.grant(PEOPLE).columns("id", "email").to(ANALYST).because("Mail").commit().get(0);
    all(mesh.clientAs(ANALYST).read(PEOPLE).columns("email"));
    assertThat(reviewed(grant).unusedColumns()).containsExactly("id");

    new PeopleInTwoMajors(this).setState(1, "RETIRED");

    assertThat(reviewed(grant).unusedColumns()).containsExactly("id");
  }

  @Test
  void aStoredCheckpointStaysValidAsTheMeshChanges() {
    MeshClient shop = defineOrders();
    KeyPair keys = Checkpoint.newKeys();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    orders();

    String checkpoint = shop.governance().audit().checkpoint(keys.getPrivate()).toJson();
    shop.publish(ORDERS).records(Order.range(3, 5)).commit();
    clock.advance(Duration.ofHours(2));
    orders();
    Checkpoint first = shop.governance().audit().readCheckpoint(checkpoint);
    Checkpoint second = shop.governance().audit().checkpoint(keys.getPrivate(), first);

    assertThat(first.logs()).contains("_mesh", "commerce", ORDERS, "commerce/@reads");
    assertThat(second.previous()).contains(first.digest());
    assertThat(shop.governance().audit().verify(first, keys.getPublic())).isEmpty();
    assertThat(as("commerce").governance().audit().verify(second, keys.getPublic())).isEmpty();
  }
}

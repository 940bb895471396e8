package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.DenialFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Domain;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A domain has accounts that act for it, and a contact. */
public abstract class DomainsSuite extends DenialFixture {
  @Test
  void anAccountWithoutADomainIsAskedToRegisterOne() {
    defineOrders();

    assertThatThrownBy(() -> as("stranger").read(ORDERS).rows())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.DOMAIN_MISSING))
        .hasMessageContaining("registerDomain(\"stranger\")");
  }

  @Test
  void anAccountActsForOneDomain() {
    registerShop();
    State before = state();

    assertThatThrownBy(
            () ->
                as("finance")
                    .registerDomain("finance")
                    .owner("finance@example.org")
                    .accounts("finance", "commerce")
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("finance", "account 'commerce'", "domain 'commerce' already");
    assertNothingChanged(before);
  }

  @Test
  void aDomainIsAmendedOnlyInTheGivenPartsAndByItsOwnAccounts() {
    Domain first =
        shop()
            .registerDomain("commerce")
            .owner("shop@example.org")
            .description("What we sell")
            .accounts("commerce", "web")
            .administrators(shop().principal(), as("web").principal())
            .commit();
    State before = state();

    assertThat(as("web").registerDomain("commerce").commit()).isEqualTo(first);
    assertDenied(
        () -> as("finance").registerDomain("commerce").owner("me@example.org").commit(),
        "commerce");
    assertNothingChanged(before);

    Domain amended = as("web").registerDomain("commerce").accounts("web").commit();
    assertThat(amended)
        .isEqualTo(
            new Domain(
                "commerce",
                "What we sell",
                "shop@example.org",
                "shop@example.org",
                List.of("web"),
                List.of(as("web").principal()),
                List.of(as("web").principal())));
    assertDenied(
        () -> shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit(), ORDERS);
    as("finance")
        .registerDomain("finance")
        .owner("finance@example.org")
        .accounts("commerce")
        .commit();
  }

  @Test
  void registeringADomainForOthersMustBeExplicit() {
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("platform").registerDomain("commerce").owner("shop@example.org").commit(),
        "platform/etl",
        "the account 'commerce' acts for it",
        "accounts(\"platform\")",
        "accounts(\"commerce\")");
    assertNothingChanged(before);

    as("platform")
        .registerDomain("commerce")
        .owner("shop@example.org")
        .accounts("commerce")
        .commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    as("alice").registerDomain("lab").owner("alice@example.org").accounts("alice").commit();
    as("alice").defineProduct("lab/orders").contract(Contract.of(Order.class)).commit();
    assertThat(as("alice").registerDomain("lab").description("Trials").commit().accounts())
        .containsExactly("alice");
  }

  @Test
  void aNameThatDiffersOnlyInCaseIsSuggested() {
    State empty = state();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop().registerDomain("Commerce"),
            () -> shop().describe("Commerce/orders"),
            () -> shop().read("commerce/Orders"),
            () -> shop().subscribe("commerce/orders").name("Daily"))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.NAME_INVALID))
          .hasMessageMatching("(?s).*Write it in lower case: '(commerce|orders|daily)'.*");
    }
    assertThatThrownBy(() -> shop().registerDomain("Com merce"))
        .hasMessageContaining("Choose lower-case letters")
        .hasMessageNotContaining("Write it");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("Commerce").registerDomain("commerce").owner("shop@example.org").commit(),
        "case-sensitive");
    assertNothingChanged(empty);

    defineOrders();
    assertDenied(
        () -> as("Commerce").publish(ORDERS).records(Order.range(0, 1)).commit(),
        "Account names are case-sensitive: did you mean 'commerce'?");
    assertRefused(
        ErrorCode.DOMAIN_MISSING,
        () -> as("Commerce").read(ORDERS).rows(),
        "Account names are case-sensitive: did you mean 'commerce'?",
        "registerDomain(..).accounts(\"Commerce\")");
    assertThatThrownBy(() -> as("Unregistered").read(ORDERS).rows())
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void aNewOwnerIsTheContactOfProductsWithoutOne() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.defineProduct("commerce/returns")
        .contract(Contract.of(Order.class))
        .owner("returns@example.org")
        .commit();

    Domain amended = shop.registerDomain("commerce").owner("new@example.org").commit();

    assertThat(amended.steward()).isEqualTo("new@example.org");
    assertThat(shop.describe(ORDERS).owner()).isEqualTo("new@example.org");
    assertThat(shop.describe("commerce/returns").owner()).isEqualTo("returns@example.org");
    registerFinance();
    assertThatThrownBy(() -> as("finance").read(ORDERS).rows())
        .hasMessageContaining("Ask new@example.org");

    shop.registerDomain("commerce").steward("privacy@example.org").commit();
    assertThat(shop.registerDomain("commerce").owner("third@example.org").commit().steward())
        .isEqualTo("privacy@example.org");
    State before = state();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .owner("third@example.org")
        .commit();
    assertThatThrownBy(
            () ->
                shop.defineProduct(ORDERS)
                    .contract(Contract.of(Order.class))
                    .owner("other@example.org")
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("owner");
    assertNothingChanged(before);
  }
}

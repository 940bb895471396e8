package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.GrantOperation;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import org.junit.jupiter.api.Test;

/** An authorization for one request covers exactly this request. */
public abstract class RequestAuthorizationsSuite extends AuthorizationFixture {
  @Test
  void anAuthorizationForOneRequestCoversNoOther() {
    MeshClient shop = shopBesideOthers();
    String request = requested();
    AuthorizationSummary authorization =
        shop.access()
            .authorize(ORDERS)
            .executors(STEWARD)
            .request(request)
            .because("Decided by mail")
            .commit();
    assertThat(authorization.consumers()).containsExactly("finance/etl");
    assertThat(authorization.columns()).containsExactly("id");

    assertUnauthorized(
        () -> steward().grant(ORDERS).columns("id").to(ETL).because("Revenue").commit(),
        "OTHER_REQUEST",
        request);
    GrantSummary grant =
        steward()
            .grant(ORDERS)
            .columns("id")
            .to(ETL)
            .request(request)
            .because("Revenue")
            .commit()
            .get(0);
    assertThat(grant.authorization()).contains(authorization.id());
    assertThat(columnsReadBy(ETL)).containsExactly("id");
    AccessRequest settled = shop.requests().received().get(0);
    assertThat(settled.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(settled.granted()).contains(grant);
    assertThat(settled.approvedBy())
        .extracting(Principal::toString)
        .containsExactly("commerce/etl");
    State before = state();
    assertThat(answer(request).commit()).as("a repeated call").containsExactly(grant);
    assertNothingChanged(before);
    assertThatThrownBy(() -> shop.requests().deny(request).because("Late").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");
    shop.revoke(grant.id()).commit();
    assertThatThrownBy(() -> answer(request).commit())
        .as("a closed request cannot be answered again")
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");
    assertThatThrownBy(() -> one(ORDERS).request(request).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");
    assertThatThrownBy(() -> one(ORDERS).request("nothing").commit())
        .isInstanceOf(NotFoundException.class);
  }

  private GrantOperation.ByName answer(String request) {
    return steward().grant(ORDERS).columns("id").to(ETL).request(request).because("Revenue");
  }

  @Test
  void anAuthorizationForARequestEndsWithItAndWithEachChangeOfIt() {
    MeshClient shop = shopBesideOthers();
    String request = requested();
    one(ORDERS).request(request).commit();
    as("finance").requests().withdraw(request).commit();
    State before = state();
    assertThatThrownBy(() -> answer(request).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("WITHDRAWN");
    assertNothingChanged(before);

    String denied =
        as("finance").requests().requestAccess(ORDERS).columns("id").purpose("Again").commit().id();
    one(ORDERS).request(denied).commit();
    shop.requests().deny(denied).because("No").commit();
    assertThatThrownBy(() -> answer(denied).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("DENIED");

    String changed =
        as("finance").requests().requestAccess(ORDERS).columns("id").purpose("Third").commit().id();
    AuthorizationSummary authorization = one(ORDERS).request(changed).commit();
    shop.requests().requestClarification(changed, "What for?").commit();
    as("finance").requests().respond(changed, "Revenue").commit();
    assertThatThrownBy(() -> answer(changed).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("changed after it was authorized");
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(one(ORDERS).request(changed).commit().id()).isEqualTo(authorization.id());
    answer(changed).commit();
    assertThat(columnsReadBy(ETL)).containsExactly("id");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anAuthorizationThatNeedsTwoApprovalsIsNotGivenByOne() {
    MeshClient shop = shopBesideOthers();
    String early = requested();
    one(ORDERS).request(early).commit();
    shop.amendContract(ORDERS, Contract.of(Order.class).requireFourEyes()).because("Two").commit();
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).request(early).commit(),
        "TWO_APPROVALS_REQUIRED");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> answer(early).commit(), "TWO_APPROVALS_REQUIRED");
    assertNothingChanged(before);
  }

  @Test
  void aRequestIsGrantedOnlyAsAuthorizedForIt() {
    MeshClient shop = shopBesideOthers();
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ETL).request("nonsense").because("x").commit(),
        "REQUEST_NOT_ALLOWED",
        "approve(id)");
    assertNothingChanged(before);
    one(ORDERS).forAnyConsumer().commit();
    assertUnauthorized(() -> answer("nonsense").commit(), "OTHER_REQUEST");
  }
}

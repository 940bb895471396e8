package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.time.Duration;
import java.util.List;

/** Invalid tags, grants, requests, and approvals. */
final class BadRights {
  private static final String CLOSED = "commerce/closed";

  private final BadInputTable table;
  private final Subscription<?>[] polled = new Subscription<?>[1];

  private BadRights(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadRights rows = new BadRights(table);
    rows.tags();
    rows.grants();
    rows.approvals();
    rows.subscriptions();
  }

  private void tag(String number, String what, String key, String value, String... expected) {
    table.argument(
        number,
        "a tag " + what,
        List.of(expected),
        suite -> suite.shop().governance().defineTag(key, value).commit());
  }

  private void tags() {
    tag("61", "of AWS's own", "aws:purpose", "x", "key", "aws:", "another");
    tag("61", "with a long key", "k".repeat(129), "x", "key", "129 characters", "limit is 50");
    tag("61", "with a long value", "purpose", "v".repeat(51), "51 characters", "limit is 50");
    tag("62", "of two lines", "purpose", "a\nb", "values", "position 1", "Remove it");
    tag("62", "key with a tab", "pur\tpose", "a", "key", "position 3", "Remove it");
    tag("62", "that is a formula", "purpose", "=cmd|'/c calc'!A1", "values", "'='", "another");
    tag("-", "of half a character", "purpose", "\uD800", "values", "position 0", "complete");
    table.argument(
        "61",
        "a product with a tag of AWS's own",
        List.of("key", "aws:"),
        suite -> suite.shop().access().tag(ORDERS).set("aws:purpose", "x").commit());
  }

  private void grants() {
    table.argument(
        "64",
        "a grant that is over already",
        List.of(ORDERS, "already", "2026-11-20T07:00:00Z", "later end"),
        suite ->
            suite
                .shop()
                .grant(ORDERS)
                .to(Principal.of("finance", "analyst"))
                .until(suite.clock.instant().minus(Duration.ofHours(1)))
                .because("Audit")
                .commit());
    table.add(
        BadInput.of(
                "72",
                "a grant on a product of others",
                AccessDeniedException.class,
                ErrorCode.ACCESS_DENIED,
                List.of(ORDERS, "finance/etl"),
                suite ->
                    suite
                        .as("finance")
                        .grant(ORDERS)
                        .to(Principal.of("finance", "analyst"))
                        .because("Audit")
                        .commit())
            .after(MeshFixture::registerFinance));
  }

  private void approvals() {
    table.add(
        BadInput.of(
                "67",
                "both of four eyes by one person",
                AccessDeniedException.class,
                ErrorCode.ACCESS_DENIED,
                List.of("commerce/etl", "two approvals", "Another person"),
                suite -> suite.shop().requests().approve(waiting(suite).id()).commit())
            .after(suite -> suite.shop().requests().approve(ask(suite, "Audit").id()).commit()));
    AccessRequest[] reviewed = new AccessRequest[1];
    table.add(
        BadInput.of(
                "68",
                "an approval of what was changed since",
                ConflictException.class,
                ErrorCode.STATE_CONFLICT,
                List.of("revision 2", "revision 1", "requests()"),
                suite -> suite.shop().requests().approve(reviewed[0]).commit())
            .after(
                suite -> {
                  reviewed[0] = ask(suite, "Audit");
                  suite
                      .as("finance")
                      .requests()
                      .requestAccess(CLOSED)
                      .purpose("Advertising")
                      .commit();
                }));
  }

  private void subscriptions() {
    for (String name : List.of("Totals", "a b", "finance/", "finance/totals/x", "../x")) {
      table.add(
          "56",
          "the end of the subscription '" + name + "'",
          InvalidRequestException.class,
          name.endsWith("/") ? ErrorCode.INVALID_ARGUMENT : ErrorCode.NAME_INVALID,
          name.endsWith("/") ? List.of("subscription", "blank") : List.of("[a-z][a-z0-9]*"),
          suite -> suite.shop().unsubscribe(ORDERS, name).commit());
    }
    table.add(
        "-",
        "the end of a subscription to an unknown product",
        NotFoundException.class,
        ErrorCode.NOT_FOUND,
        List.of("commerce/odrers", "Did you mean 'commerce/orders'?"),
        suite -> suite.shop().unsubscribe("commerce/odrers", "totals").commit());
    table.add(
        BadInput.of(
                "72",
                "the end of a subscription of others to a product of others",
                AccessDeniedException.class,
                ErrorCode.NOT_OWNER,
                List.of("finance/totals", ORDERS, "commerce", "shop@example.org"),
                suite ->
                    suite.as("web").unsubscribe(ORDERS, "finance/totals").because("x").commit())
            .after(BadRights::subscribed));
    table.add(
        BadInput.of(
                "-",
                "the end of others' subscription without a reason",
                InvalidRequestException.class,
                ErrorCode.INVALID_ARGUMENT,
                List.of("because", "'finance'"),
                suite -> suite.shop().unsubscribe(ORDERS, "finance/totals").commit())
            .after(BadRights::subscribed));
    table.add(
        BadInput.of(
                "-",
                "the end of others' subscription that is in use",
                ConflictException.class,
                ErrorCode.STATE_CONFLICT,
                List.of("finance/totals", "ACTIVE", "90 days", "finance@example.org"),
                suite -> suite.shop().unsubscribe(ORDERS, "finance/totals").because("x").commit())
            .after(BadRights::subscribed));
    table.add(
        BadInput.of(
                "-",
                "a poll of a subscription that was ended",
                NotFoundException.class,
                ErrorCode.SUBSCRIPTION_ENDED,
                List.of("poll commerce/orders", "'totals'", "finance/etl", "subscribe("),
                suite -> polled[0].poll())
            .after(
                suite -> {
                  subscribed(suite);
                  polled[0] = suite.as("finance").subscribe(ORDERS).name("totals").commit();
                  suite.as("finance").unsubscribe(ORDERS, "totals").commit();
                }));
  }

  private static void subscribed(MeshFixture suite) {
    suite.as("web").registerDomain("web").owner("web@example.org").commit();
    suite.registerFinance().subscribe(ORDERS).name("totals").purpose("Totals").commit();
  }

  private static AccessRequest ask(MeshFixture suite, String purpose) {
    suite
        .shop()
        .defineProduct(CLOSED)
        .contract(Contract.of(Order.class).requireFourEyes())
        .commit();
    MeshClient finance = suite.registerFinance();
    return finance.requests().requestAccess(CLOSED).purpose(purpose).commit();
  }

  private static AccessRequest waiting(MeshFixture suite) {
    return suite.shop().requests().received().get(0);
  }
}

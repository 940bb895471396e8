package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.TermsAmendment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;

/** An owner promises less after a notice, without a new major version. */
public final class WeakenAPromise {
  private Instant now = Instant.parse("2026-11-20T08:00:00Z");

  private WeakenAPromise() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    new WeakenAPromise().run(Folder.of(arguments));
  }

  private void run(Path folder) {
    try (Mesh mesh = LocalMesh.builder(folder).clock(() -> now).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      Contract contract =
          Contract.of(Order.class).freshWithin(Duration.ofHours(1)).noticePeriod(Period.ofDays(30));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/orders").contract(contract).openToMesh().commit();
      MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      finance.subscribe("commerce/orders").name("revenue").purpose("Monthly revenue").commit();
      start(commerce, contract);
      answer(finance);
      accept(commerce);
      now = now.plus(Duration.ofDays(35));
      retire(commerce);
      now = now.plus(Duration.ofDays(10));
      retire(commerce);
    }
  }

  private static void start(MeshClient commerce, Contract contract) {
    // tag::start[]
    TermsPlan plan =
        commerce
            .amendTerms("commerce/orders")
            .contract(contract.freshWithin(Duration.ofHours(6)))
            .because("The source delivers four times a day")
            .plan();
    System.out.println(plan.amendedTerms() + " after " + plan.retireAfter());
    TermsAmendment announced = plan.commit().announce().commit();
    System.out.println(announced.state());
    // end::start[]
  }

  private static void answer(MeshClient finance) {
    // tag::answer[]
    System.out.println(finance.describe("commerce/orders").amendments());
    Track track = finance.termsAmendment("commerce/orders").track("revenue");
    System.out.println(track.reason());
    Track answered = track.counter(track.date().plusDays(10)).because("Year-end closing").commit();
    System.out.println(answered.answer());
    // end::answer[]
  }

  private static void accept(MeshClient commerce) {
    // tag::accept[]
    Track accepted =
        commerce.termsAmendment("commerce/orders").track("finance/revenue").accept().commit();
    System.out.println(accepted.consumer() + " until " + accepted.date());
    // end::accept[]
  }

  private static void retire(MeshClient commerce) {
    // tag::retire[]
    try {
      TermsAmendment amended = commerce.termsAmendment("commerce/orders").retire().commit();
      System.out.println(amended.state() + " " + amended.version());
    } catch (ConflictException tooEarly) {
      System.out.println(tooEarly.reason());
    }
    // end::retire[]
  }
}

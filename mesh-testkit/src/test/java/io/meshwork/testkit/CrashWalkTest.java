package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import org.junit.jupiter.api.Test;

class CrashWalkTest {
  static MeshClient shop(Mesh mesh) {
    return mesh.actingAs(Principal.of("commerce", "etl"));
  }
  static void define(Mesh mesh) {
    shop(mesh).registerDomain("commerce").ownedBy("shop@example.org").commit();
    shop(mesh).defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
    shop(mesh).publish("commerce/orders").records(Order.range(0, 5)).idempotencyKey("a").commit();
  }
  @Test
  void append() {
    long t = System.nanoTime();
    CrashReport report = CrashHarness.of("append", mesh -> shop(mesh).publish("commerce/orders").records(Order.range(5, 9)).idempotencyKey("b").commit()).after(CrashWalkTest::define).run();
    System.out.println(report + " " + report.calls() + " ms " + (System.nanoTime() - t) / 1000000);
    assertThat(report.tried()).isPositive();
  }
}

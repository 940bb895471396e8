package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.TagResource;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits of rights that take many commits to reach and do not depend on the store. */
class RightsLimitsTest extends MeshFixture {
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder();
  }

  private MeshClient shopThatSharesNothing() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  @Test
  void aChangeLargerThanADocumentIsRejectedAsAWhole() {
    MeshClient shop = registerShop();
    String[] columns = IntStream.range(0, 60).mapToObj(i -> "c" + i).toArray(String[]::new);
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Wide").fields();
    for (String column : columns) {
      fields.requiredString(column);
    }
    shop.defineProduct(ORDERS).contract(Contract.of(fields.endRecord())).commit();
    TagResource tagging = shop.access().tagColumns(ORDERS, columns);
    String value = "値".repeat(50);
    for (int i = 0; i < 50; i++) {
      String key = i + "k".repeat(48);
      shop.governance().defineTag(key, value).commit();
      tagging.set(key, value);
    }
    State before = state();

    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        tagging::commit,
        ORDERS,
        "tags' would have",
        "the limit is 358400",
        "Nothing was changed",
        "Split it");

    assertNothingChanged(before);
    TagResource some = shop.access().tagColumns(ORDERS, "c0", "c1");
    some.set("0" + "k".repeat(48), value);
    assertThat(some.commit()).containsEntry("0" + "k".repeat(48), value);
    assertWhole();
  }

  @Test
  void aProductAndAColumnEachHaveFiftyTags() {
    MeshClient shop = shopThatSharesNothing();
    for (int i = 0; i < 51; i++) {
      shop.governance().defineTag("key" + i, "v").commit();
    }
    TagResource tagging = shop.access().tag(ORDERS);
    TagResource column = shop.access().tagColumns(ORDERS, "amount");
    for (int i = 0; i < 50; i++) {
      tagging.set("key" + i, "v");
      column.set("key" + (i + 1), "v");
    }
    assertThat(tagging.commit()).containsEntry("key49", "v").hasSize(52);
    assertThat(column.commit()).containsEntry("key50", "v").containsEntry("key0", "v");
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().tag(ORDERS).set("key50", "v").commit(),
        "51 tags");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().tagColumns(ORDERS, "amount").set("key0", "v").commit(),
        "51 tags");
    assertNothingChanged(before);
    shop.access().tag(ORDERS).remove("key0").set("key50", "v").commit();
  }

  @Tag("nightly")
  @Test
  void aDomainDefinesAThousandTags() {
    MeshClient shop = shopThatSharesNothing();
    for (int i = 0; i < 1_000; i++) {
      shop.governance().defineTag("key" + i, "v").commit();
    }
    State before = state();

    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.governance().defineTag("one-more", "v").commit(),
        "1000 tags already",
        "Nothing was changed");

    assertNothingChanged(before);
    assertThat(shop.governance().defineTag("key7", "w").commit()).containsExactly("v", "w");
  }

  @Test
  void aRoleHasAHundredRowGrantsOnAProduct() {
    MeshClient shop = shopThatSharesNothing();
    List<GrantOperation.ByName> many = new ArrayList<>();
    for (int i = 0; i <= 100; i++) {
      many.add(shop.grant(ORDERS).rows("id = " + i).to(ETL).because("One"));
    }
    many.subList(0, 100).forEach(GrantOperation.ByName::commit);
    State before = state();

    assertThatThrownBy(many.get(100)::commit)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused ->
                assertThat(refused.findings())
                    .extracting(Finding::code)
                    .containsExactly(FindingCode.TOO_MANY_ROW_GRANTS))
        .hasMessageContainingAll("100 grants on rows", "OR");

    assertNothingChanged(before);
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    shop.grant(ORDERS).rows("id = 100").to(ANALYST).because("Another role").commit();
    shop.grant(ORDERS).permissions(Permission.SELECT).to(ETL).because("All rows").commit();
  }
}

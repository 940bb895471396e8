package io.meshwork.benchmarks.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.conformance.growth.GrowthDimension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What concerns one product sends about the same requests to DynamoDB in a larger mesh. */
class DynamoGrowthTest {
  @Tag("nightly")
  @ParameterizedTest
  @EnumSource(GrowthDimension.class)
  void requestsItemsAndTransactionsStayWithinTheirLimitsInALargerMesh(GrowthDimension dimension) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(table, true, StandardCharsets.UTF_8);

    boolean met = DynamoGrowthBenchmark.compare(out, dimension, DynamoMeter.SIZE);

    String lines = table.toString(StandardCharsets.UTF_8);
    assertThat(met).as(lines).isTrue();
    assertThat(lines).contains("publish, requests | ", "largest item, share of 400 KB | ");
  }

  @Test
  void theSizeOfAnItemIsThatOfItsNamesAndValuesInUtf8() {
    assertThat(
            SentRequests.bytes(
                Map.of(
                    "p", AttributeValue.fromS("shop"), "größe", AttributeValue.fromS("für 12 €"))))
        .isEqualTo(1 + 4 + 7 + 11);
    assertThatThrownBy(() -> SentRequests.bytes(Map.of("n", AttributeValue.fromN("1"))))
        .isInstanceOf(IllegalStateException.class);
  }
}

package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Classification;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class AddedColumnsTest {
  private static final Contract ORDERS =
      Contract.of(NarrowOrder.class)
          .require(Rule.atLeast("amount", 0))
          .describeColumn("amount", "Euros");

  record NarrowOrder(String id, long amount) {}

  record WiderOrder(String id, String mail, int amount, Optional<Boolean> paid) {}

  @Test
  void newColumnsAreOptionalAndKeepWhatIsSaidOfThem() {
    Contract wider =
        Contract.of(WiderOrder.class)
            .describeColumn("mail", "Of the buyer")
            .classification(Classification.CONFIDENTIAL, "mail")
            .require(Rule.unique("mail"));
    Contract next = ORDERS.addColumns(wider);

    assertThat(next.schema().getFields().stream().map(Schema.Field::name))
        .containsExactly("id", "amount", "mail", "paid");
    assertThat(next.schema().getField("mail").schema().isNullable()).isTrue();
    assertThat(next.schema().getField("amount")).isEqualTo(ORDERS.schema().getField("amount"));
    assertThat(next.rules()).isEqualTo(ORDERS.rules());
    assertThat(next.columnDescriptions())
        .containsEntry("mail", "Of the buyer")
        .containsEntry("amount", "Euros");
    assertThat(next.classificationOf("mail")).isEqualTo(Classification.CONFIDENTIAL);
    assertThat(ORDERS.differenceTo(next).toString()).contains("minor");
    assertThat(ORDERS.addColumns(ORDERS)).isEqualTo(ORDERS);
  }

  @Test
  void aColumnWithTheSameNameInFilesIsNotNew() {
    Contract renamed =
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type":"record","name":"Order","fields":[
                      {"name":"total","type":"long","meshwork.physicalName":"Order Total"}]}
                    """));
    Contract file =
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type":"record","name":"File","fields":[
                      {"name":"Order_Total","type":"long","meshwork.physicalName":"Order Total"}]}
                    """));
    assertThat(renamed.addColumns(file)).isEqualTo(renamed);
  }

  @Test
  void aTypeWithTheNameOfAnotherOneIsRefused() {
    String record =
        """
        {"type":"record","name":"%s","fields":[{"name":"%s","type":{"type":"record",
          "name":"Place","fields":[{"name":"%s","type":"string"}]}}]}
        """;
    Contract home = Contract.of(new Schema.Parser().parse(record.formatted("A", "home", "town")));
    Contract work = Contract.of(new Schema.Parser().parse(record.formatted("B", "work", "street")));
    assertThatThrownBy(() -> home.addColumns(work))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Rename the type");
  }
}

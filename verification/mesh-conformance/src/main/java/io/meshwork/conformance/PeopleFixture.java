package io.meshwork.conformance;

import io.meshwork.MeshClient;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaBuilder;

/** People, whose columns are granted, tagged and renamed. */
abstract class PeopleFixture extends MeshFixture {
  static final String PEOPLE = "commerce/people";

  /**
   * Returns a contract with text columns. {@code mail:email} renames {@code email} to {@code mail}.
   */
  static Contract people(String... columns) {
    SchemaBuilder.FieldAssembler<org.apache.avro.Schema> fields =
        SchemaBuilder.record("Person").fields();
    for (String column : columns) {
      String[] names = column.split(":", -1);
      SchemaBuilder.FieldBuilder<org.apache.avro.Schema> field = fields.name(names[0]);
      if (names.length > 1) {
        field = field.aliases(names[1]);
      }
      fields = field.type().unionOf().nullType().and().stringType().endUnion().nullDefault();
    }
    return Contract.of(fields.endRecord()).compatibility(Compatibility.BACKWARD);
  }

  /** Defines a product of people without grants, and registers a second domain. */
  final MeshClient shopOfPeople(Contract contract) {
    MeshClient shop = registerShop();
    shop.governance().defineTag("kind", "plain", "secret").commit();
    shop.defineProduct(PEOPLE).contract(contract).commit();
    shop.publish(PEOPLE)
        .records(List.of(Map.of("id", "1", "email", "a@example.org", "country", "SE")))
        .commit();
    registerFinance();
    return shop;
  }

  final MeshClient shopOfPeople() {
    return shopOfPeople(people("id", "email", "country"));
  }

  final List<String> readableTo(Principal who) {
    return mesh.actingAs(who).explainAccess(who, PEOPLE).columns();
  }
}

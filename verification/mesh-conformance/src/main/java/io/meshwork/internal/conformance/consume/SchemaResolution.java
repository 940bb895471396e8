package io.meshwork.internal.conformance.consume;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificRecordBase;

/** A shortened version of a class that Avro's compiler generates. */
final class SchemaResolution extends SpecificRecordBase {
  private static final long serialVersionUID = 1L;

  static final Schema SCHEMA =
      SchemaBuilder.record("Reading")
          .namespace("io.meshwork.internal.conformance.consume")
          .fields()
          .requiredString("sensor")
          .requiredDouble("degrees")
          .endRecord();

  private CharSequence sensor = "";
  private double degrees;

  /** The schema field that Avro requires. */
  SchemaResolution() {}

  static SchemaResolution of(String sensor, double degrees) {
    SchemaResolution reading = new SchemaResolution();
    reading.sensor = sensor;
    reading.degrees = degrees;
    return reading;
  }

  @Override
  public Schema getSchema() {
    return SCHEMA;
  }

  @Override
  public Object get(int field) {
    return field == 0 ? sensor : degrees;
  }

  @Override
  public void put(int field, Object value) {
    if (field == 0) {
      sensor = (CharSequence) value;
    } else {
      degrees = (Double) value;
    }
  }
}

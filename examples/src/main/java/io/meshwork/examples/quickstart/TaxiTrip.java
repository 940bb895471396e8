package io.meshwork.examples.quickstart;

import io.meshwork.contract.Column;
import java.time.LocalDateTime;

/** The three columns of a trip that revenue requires. */
record TaxiTrip(
    @Column("lpep_pickup_datetime") LocalDateTime pickup,
    @Column("trip_distance") double miles,
    @Column("total_amount") double total) {}

package peers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/** Kafka Streams: duplicates by a window store, counts by the DSL's windows, people in a store each second. */
public final class KafkaStreamsApp {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final byte[] SEEN = {1};

    public static void main(String[] arguments) throws Exception {
        Task task = Task.told(arguments[0]);
        run(task.warmingUp());
        run(task).write();
    }

    private static Tally run(Task task) throws Exception {
        Tally tally = new Tally(task);
        try (KafkaStreams streams = new KafkaStreams(topology(task), settings(task))) {
            streams.start();
            tally.done.await();
            Thread.sleep(500); // The last record's count follows its passing.
            collect(streams, tally);
        }
        return tally;
    }

    private static Properties settings(Task task) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, task.group());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.kafka());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, task.folder());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 10 << 20);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }

    private static Topology topology(Task task) {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<Event> events = Serdes.serdeFrom((topic, event) -> null, (topic, value) -> readOne(value));
        builder.addStateStore(Stores.windowStoreBuilder(
            Stores.persistentWindowStore("ids", KEPT, MINUTE, false), Serdes.String(), Serdes.ByteArray()));
        builder.addStateStore(Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore("people"), Serdes.String(), Serdes.ByteArray()));
        builder.stream(task.topics(), Consumed.with(Serdes.String(), events).withTimestampExtractor(KafkaStreamsApp::time))
            .processValues(Unique::new, "ids", "people")
            .groupByKey(Grouped.with(Serdes.String(), events))
            .windowedBy(TimeWindows.ofSizeAndGrace(MINUTE, KEPT))
            .aggregate(() -> new long[Event.KINDS.length], (campaign, event, counts) -> {
                counts[event.kind]++;
                return counts;
            }, Materialized.<String, long[], WindowStore<Bytes, byte[]>>as("counts")
                .withKeySerde(Serdes.String()).withValueSerde(longs()).withCachingEnabled());
        return builder.build();
    }

    private static Event readOne(byte[] value) {
        Tally.current.read();
        return Reader.read(value);
    }

    private static long time(ConsumerRecord<Object, Object> record, long partitionTime) {
        Event event = (Event) record.value();
        return event.isValid() ? event.time : Math.max(partitionTime, 0);
    }

    private static Serde<long[]> longs() {
        return Serdes.serdeFrom((topic, counts) -> {
            ByteBuffer buffer = ByteBuffer.allocate(8 * counts.length);
            buffer.asLongBuffer().put(counts);
            return buffer.array();
        }, (topic, value) -> {
            long[] counts = new long[Event.KINDS.length];
            ByteBuffer.wrap(value).asLongBuffer().get(counts);
            return counts;
        });
    }

    private static void collect(KafkaStreams streams, Tally tally) {
        var counts = streams.store(StoreQueryParameters.fromNameAndType(
            "counts", QueryableStoreTypes.<String, long[]>windowStore()));
        try (KeyValueIterator<Windowed<String>, long[]> all = counts.all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<String>, long[]> one = all.next();
                tally.add(one.key.key(), one.key.window().start() / MINUTE.toMillis(), one.value);
            }
        }
    }

    /** Drops what is no event and what was seen, and adds people. */
    private static final class Unique implements FixedKeyProcessor<String, Event, Event> {
        private final Map<String, byte[]> people = new HashMap<>();
        private final Set<String> changed = new HashSet<>();
        private FixedKeyProcessorContext<String, Event> context;
        private WindowStore<String, byte[]> ids;

        @Override
        public void init(FixedKeyProcessorContext<String, Event> given) {
            context = given;
            ids = given.getStateStore("ids");
            KeyValueStore<String, byte[]> stored = given.getStateStore("people");
            given.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, now -> store(stored));
        }

        @Override
        public void process(FixedKeyRecord<String, Event> record) {
            Event event = record.value();
            Tally tally = Tally.current;
            if (!event.isValid()) {
                tally.invalid.incrementAndGet();
            } else if (isSeen(event)) {
                tally.duplicates.incrementAndGet();
            } else {
                see(event);
                context.forward(record);
            }
            tally.pass();
        }

        private boolean isSeen(Event event) {
            long start = event.minute() * MINUTE.toMillis();
            if (ids.fetch(event.id, start) != null) {
                return true;
            }
            ids.put(event.id, SEEN, start);
            return false;
        }

        private void see(Event event) {
            if (!event.person.isEmpty()) {
                People.add(people.computeIfAbsent(event.campaign, campaign -> People.none()), event.person);
                changed.add(event.campaign);
            }
        }

        private void store(KeyValueStore<String, byte[]> stored) {
            changed.forEach(campaign -> stored.put(campaign, people.get(campaign)));
            changed.clear();
        }

        @Override
        public void close() {
            people.forEach((campaign, registers) ->
                Tally.current.people.put(campaign, People.estimate(registers)));
        }
    }

    private KafkaStreamsApp() {}
}

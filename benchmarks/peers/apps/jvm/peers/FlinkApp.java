package peers;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** Flink in this process: ids by key with a time to live, then counts and people by campaign. */
public final class FlinkApp {
    private static final Duration KEPT = Duration.ofMinutes(10);

    public static void main(String[] arguments) throws Exception {
        Task task = Task.told(arguments[0]);
        run(task.warmingUp());
        run(task).write();
        System.exit(0);
    }

    private static Tally run(Task task) throws Exception {
        Tally tally = new Tally(task);
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + task.folder());
        var flink = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        flink.enableCheckpointing(1000);
        KafkaSource<Event> source = KafkaSource.<Event>builder()
            .setBootstrapServers(task.kafka())
            .setGroupId(task.group())
            .setTopics(task.topics())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setValueOnlyDeserializer(new Decoding())
            .build();
        WatermarkStrategy<Event> watermarks = WatermarkStrategy
            .<Event>forBoundedOutOfOrderness(Duration.ofSeconds(5))
            .withTimestampAssigner((event, time) -> event.time);
        flink.fromSource(source, watermarks, "read")
            .keyBy(event -> event.id).process(new Unique())
            .keyBy(event -> event.campaign).process(new Count())
            .sinkTo(new DiscardingSink<>());
        flink.execute();
        return tally;
    }

    private static final class Decoding implements DeserializationSchema<Event> {
        @Override
        public Event deserialize(byte[] value) {
            Tally.current.read();
            Event event = Reader.read(value);
            if (event.isValid()) {
                return event;
            }
            Tally.current.invalid.incrementAndGet();
            Tally.current.pass();
            return null; // Not sent on.
        }

        @Override
        public boolean isEndOfStream(Event event) {
            return false;
        }

        @Override
        public TypeInformation<Event> getProducedType() {
            return TypeInformation.of(Event.class);
        }
    }

    private static final class Unique extends KeyedProcessFunction<String, Event, Event> {
        private transient ValueState<Boolean> seen;

        @Override
        public void open(OpenContext context) {
            ValueStateDescriptor<Boolean> state = new ValueStateDescriptor<>("seen", Boolean.class);
            state.enableTimeToLive(StateTtlConfig.newBuilder(KEPT).build());
            seen = getRuntimeContext().getState(state);
        }

        @Override
        public void processElement(Event event, Context context, Collector<Event> out) throws Exception {
            if (seen.value() == null) {
                seen.update(true);
                out.collect(event);
                return;
            }
            Tally.current.duplicates.incrementAndGet();
            Tally.current.pass();
        }
    }

    private static final class Count extends KeyedProcessFunction<String, Event, Void> {
        private transient MapState<Long, long[]> counts;
        private transient ValueState<byte[]> people;

        @Override
        public void open(OpenContext context) {
            counts = getRuntimeContext().getMapState(new MapStateDescriptor<>("counts", Long.class, long[].class));
            people = getRuntimeContext().getState(new ValueStateDescriptor<>("people", byte[].class));
        }

        @Override
        public void processElement(Event event, Context context, Collector<Void> out) throws Exception {
            long[] cell = counts.get(event.minute());
            if (cell == null) {
                cell = new long[Event.KINDS.length];
                context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            }
            cell[event.kind]++;
            counts.put(event.minute(), cell);
            if (!event.person.isEmpty()) {
                byte[] registers = people.value() == null ? People.none() : people.value();
                People.add(registers, event.person);
                people.update(registers);
            }
            Tally.current.pass();
        }

        /** Hands over what was counted, at the end of all records. */
        @Override
        public void onTimer(long time, OnTimerContext context, Collector<Void> out) throws Exception {
            String campaign = context.getCurrentKey();
            for (var cell : counts.entries()) {
                Tally.current.add(campaign, cell.getKey(), cell.getValue());
            }
            if (people.value() != null) {
                Tally.current.people.put(campaign, People.estimate(people.value()));
            }
        }
    }

    private FlinkApp() {}
}

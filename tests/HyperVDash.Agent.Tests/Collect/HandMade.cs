using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>A host whose answers are written in the test, row by row; what is not written the release does not have.</summary>
internal sealed class HandMade(int? version = 2, int? build = 20348)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    private readonly TableSet _tables = new();
    private HostReading _reading = new("H", "H");

    public DateTimeOffset Now { get; set; } = Start;

    public HostMemory Memory { get; init; } = HostMemory.Volatile();

    public HostFacts Host => new("H", version, build, IsBeforeRelease: build == 6001, Now);

    public HostReading Before
    {
        set => _reading = value;
    }

    public HandMade Has(TableQuery query, params CimRow[] rows)
    {
        _tables[query] = new Table(rows, null) { ReadAt = Now };
        return this;
    }

    public HandMade Lacks(TableQuery query, CimErrorKind kind = CimErrorKind.NoSuchClassOrProperty)
    {
        _tables[query] = new Table([], new CimException(kind, $"{query.Class} was not read in this test."));
        return this;
    }

    /// <summary>Everything the reader asks that was not written.</summary>
    public HostReading Read(ISectionReader reader)
    {
        foreach (var query in reader.Queries(Host).Where(q => !_tables.Has(q)).ToList())
        {
            Lacks(query);
        }

        var builder = new ReadingBuilder(_reading, new HashSet<string> { reader.Section }, Now, 1);
        reader.Put(builder, new SectionSources(_tables, Host, Memory, _reading, new CollectorOptions()), null);
        long revision = 0;
        return _reading = builder.Build("e", ref revision);
    }

    public static CimRow Row(string className, params IEnumerable<(string Name, object? Value)> values) => CimRow.Of(className, values);

    public static CimPath Ref(string className, string name, string key = "Name") =>
        new(className) { Keys = System.Collections.Immutable.ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, [KeyValuePair.Create(key, name)]) };

    /// <summary>A VM's own row.</summary>
    public static CimRow Vm(Guid id, string name, TimeSpan? running = null) =>
        Row("Msvm_ComputerSystem", ("Name", $"{id}".ToUpperInvariant()), ("ElementName", name), ("EnabledState", running is null ? 3L : 2L), ("OnTimeInMilliseconds", (long)(running ?? TimeSpan.Zero).TotalMilliseconds));
}

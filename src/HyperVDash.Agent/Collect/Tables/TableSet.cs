using System.Collections.Concurrent;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Collect.Tables;

/// <summary>The tables of one host, the newest read of each. Fast and slow lanes fill it at the same time.</summary>
internal sealed class TableSet
{
    private readonly ConcurrentDictionary<string, Table> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, (CimReply? Reply, CimException? Error)> _calls = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, object> _found = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Table> _before = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, object> _notes = new(StringComparer.OrdinalIgnoreCase);

    public Table this[TableQuery query]
    {
        get => _tables.GetValueOrDefault(query.Key, Table.NotAsked);
        set
        {
            _before[query.Key] = this[query];
            _tables[query.Key] = value.After(this[query]);
        }
    }

    /// <summary>Takes the newest answer back, because others contradict it.</summary>
    public void Reject(TableQuery query, CimException why) =>
        _tables[query.Key] = new Table([], why).After(_before.GetValueOrDefault(query.Key, Table.NotAsked));

    /// <summary>Keeps what a follow-up worked out for its section, until the next one.</summary>
    public void Find<T>(string name, T found) where T : class => _found[name] = found;

    /// <summary>What the follow-up worked out; null if it did not come to it.</summary>
    public T? Found<T>(string name) where T : class => _found.GetValueOrDefault(name) as T;

    public bool Has(TableQuery query) => _tables.ContainsKey(query.Key);

    /// <summary>A registry value: its text, null if the host has none; an error if it could not be asked, and then the earlier reply stays.</summary>
    public void SetCall(string key, CimReply? reply, CimException? error) => _calls[key] = (reply ?? _calls.GetValueOrDefault(key).Reply, error);

    public (CimReply? Reply, CimException? Error) Call(string key) =>
        _calls.TryGetValue(key, out var call) ? call : (null, new CimException(CimErrorKind.NotRecorded, "This was not asked yet."));

    /// <summary>Keeps what a follow-up found out and is no table.</summary>
    public void Note<T>(string key, T note) where T : class => _notes[key] = note;

    public T? Noted<T>(string key) where T : class => _notes.GetValueOrDefault(key) as T;
}

using System.Collections.Concurrent;

namespace HyperVDash.Lab.WsMan;

/// <summary>One request that a lab host answered.</summary>
/// <param name="Operation">Identify, Enumerate, Pull, Release, Get or a method's name.</param>
public sealed record LabRequest(string Host, string Operation, string Namespace, string? Class, string? Wql, int Status, int Bytes);

/// <summary>What was asked, for tests that count.</summary>
public sealed class LabRequestLog
{
    private const int Limit = 100_000;

    private readonly ConcurrentQueue<LabRequest> _requests = new();

    public IReadOnlyCollection<LabRequest> All => [.. _requests];

    public void Clear() => _requests.Clear();

    internal void Add(LabRequest request)
    {
        _requests.Enqueue(request);
        while (_requests.Count > Limit)
        {
            _requests.TryDequeue(out _);
        }
    }
}

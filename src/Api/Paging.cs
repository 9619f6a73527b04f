namespace Capacitor.Api;

/// <summary>Which part of a list: <c>?limit=50&amp;offset=0</c>.</summary>
internal readonly record struct Paging(int Limit, int Offset)
{
    public static Paging Of(HttpRequest request) =>
        new((int)Query.Number(request, "limit", 50, 1, 200), (int)Query.Number(request, "offset", 0, 0, int.MaxValue));
}

/// <summary>Which part of a list an answer holds.</summary>
internal sealed record PaginationBody(int Total, int Limit, int Offset)
{
    public static PaginationBody Of(Paging paging, int total) => new(total, paging.Limit, paging.Offset);
}
